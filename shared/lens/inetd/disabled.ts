import type { Field } from './document'

/*
 * A commented-out entry is told from prose by its fields alone: at least six, of which the second is a socket type,
 * the third a protocol, the fourth wait or nowait, and the sixth an absolute path or `internal`. No sentence has that
 * shape; a line that explains the columns (`# service socket protocol …`) has not either. Behind update-inetd's own
 * mark nobody writes prose: there any words are an entry.
 */

/** update-inetd's own mark (DebianNet.pm, $SEP). It takes off and puts on that alone; entries behind a bare # it leaves to the user. */
export const OFF = '#<off># '

/** `#<off>#`, what packages give update-inetd as --comment-chars (`#disabled#`, `##`), or `#`; then blanks. */
const MARK = /^#(?:<[a-z]+>#|[a-z]+#|#)?[ \t]*/

const SOCKET = /^(?:stream(?:[,:][^ \t]+)?|dgram|rdm|seqpacket|raw)$/
const PROTOCOL =
  /^(?:unix|(?:faith\/)?(?:rpc\/)?(?:tcp|udp)(?:4|6|46|64|6only)?(?:\/(?:ttcp|faith))?(?:,(?:snd|rcv)buf=[0-9]+[km]?){0,2})$/
const WAIT = /^(?:no)?wait(?:[.:][0-9]+|(?:\/[0-9]+){1,3})?$/
const PROGRAM = /^(?:internal|["']?\/[^ \t]+)$/

export function markOf(comment: string): string {
  return MARK.exec(comment)?.[0] ?? ''
}

/** Whether these words could only be an entry. */
export function isEntryLike(fields: readonly Field[]): boolean {
  const [service, socket, protocol, wait, user, program] = fields
  return (
    service !== undefined &&
    !service.text.startsWith('#') &&
    SOCKET.test(socket?.text ?? '') &&
    PROTOCOL.test(protocol?.text ?? '') &&
    WAIT.test(wait?.text ?? '') &&
    user !== undefined &&
    PROGRAM.test(program?.text ?? '')
  )
}
