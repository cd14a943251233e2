import { randomBytes } from 'node:crypto'
import { encode } from '../../../shared/codec'
import { fail, ok } from '../../../shared/contract/answer'
import type { Answer } from '../../../shared/contract/answer'
import type { Channel } from '../channel'
import { sshProblem } from '../problems'

/** A program on the host that carries bytes to a TCP port, where sshd itself may not (AllowTcpForwarding no). */
export type Helper = 'nc' | 'socat' | 'bash'

const startTimeoutMs = 20_000
/** More than rc files print. */
const maxNoiseBytes = 256 * 1024

/** Nothing but a name or an address: it stands in a command line. */
const plainHost = /^[A-Za-z0-9_.:-]{1,255}$/

/**
 * One line without `!`, for any login shell: single quotes mean the same to sh, csh and fish.
 * The helper's name is told after a nonce before it takes over: rc files may print what they like until then.
 */
export function helperCommand(host: string, port: number, nonce: string): string {
  const address = host.includes(':') ? `[${host}]` : host
  const say = (name: string) => `echo ${nonce}-${name}-`
  const has = (name: string) => `command -v ${name} >/dev/null 2>&1`
  // --norc: with its input from sshd, bash may take itself for a login and print what rc files print.
  const bash = `exec 3<>/dev/tcp/${host}/${port} && { cat <&3 & cat >&3; }`
  const script = [
    'unset BASH_ENV ENV',
    `if ${has('nc')}; then ${say('nc')}; exec nc ${host} ${port}`,
    `elif ${has('socat')}; then ${say('socat')}; exec socat - TCP:${address}:${port}`,
    `elif ${has('bash')}; then ${say('bash')}; exec bash --norc -c "${bash}"`,
    `else ${say('none')}; fi`,
  ].join('; ')
  return `exec /bin/sh -c '${script}'`
}

/**
 * The same for a Unix socket, which bash cannot open and traditional netcat neither. The path goes as numbers,
 * whatever stands in it.
 */
export function socketHelperCommand(path: string, nonce: string): string {
  const octal = [...encode(path)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')
  const say = (name: string) => `echo ${nonce}-${name}-`
  const script = [
    'unset BASH_ENV ENV',
    `p=$(printf "${octal}")`,
    `if [ ! -S "$p" ] || [ ! -w "$p" ]; then ${say('none')}`,
    `elif nc -h 2>&1 | grep -q -e -U; then ${say('nc')}; exec nc -U "$p"`,
    `elif command -v socat >/dev/null 2>&1; then ${say('socat')}; exec socat - UNIX-CONNECT:"$p"`,
    `else ${say('none')}; fi`,
  ].join('; ')
  return `exec /bin/sh -c '${script}'`
}

type Run = (command: string) => Promise<Answer<Channel>>
type Helped = { readonly channel: Channel; readonly helper: Helper }

/** @param run starts a command on the host that forbids forwarding. */
export async function openByHelper(
  name: string,
  host: string,
  port: number,
  run: Run,
): Promise<Answer<Helped>> {
  const forbidden = (detail?: string) =>
    fail(sshProblem('ssh.forwardForbidden', name, { host, port }, detail))
  if (!plainHost.test(host) || host.startsWith('-')) return forbidden()
  const helped = await start(run, (nonce) => helperCommand(host, port, nonce))
  if (!helped.ok) return helped
  return helped.value === null ? forbidden('no nc, socat or bash on the host') : ok(helped.value)
}

/** null: there is no such socket, it is not for this account, or the host has no helper. */
export function openSocketByHelper(path: string, run: Run): Promise<Answer<Helped | null>> {
  return start(run, (nonce) => socketHelperCommand(path, nonce))
}

/** null: the host has no helper. */
async function start(run: Run, command: (nonce: string) => string): Promise<Answer<Helped | null>> {
  const nonce = `wm${randomBytes(9).toString('hex')}`
  const started = await run(command(nonce))
  if (!started.ok) return started
  const channel = started.value
  const helper = await tellsHelper(channel, nonce)
  if (helper === null) {
    channel.close()
    return ok(null)
  }
  channel.stream.on('end', () => channel.stream.end())
  return ok({ channel: { ...channel, stderr: null }, helper })
}

/** null: none is there, or nothing was told in time. What comes after the telling is left to be read. */
function tellsHelper(channel: Channel, nonce: string): Promise<Helper | null> {
  return new Promise((resolve) => {
    const { stream } = channel
    const told = new RegExp(`${nonce}-(nc|socat|bash|none)-\\r?\\n`)
    let heard = Buffer.alloc(0)
    const finish = (helper: Helper | null) => {
      clearTimeout(timer)
      stream.removeListener('readable', listen)
      resolve(helper)
    }
    const timer = setTimeout(() => finish(null), startTimeoutMs)
    // By read() and not by `data`: a stream once paused would not start for the one who reads it next.
    const listen = () => {
      for (;;) {
        const chunk: unknown = stream.read()
        if (!(chunk instanceof Buffer)) return
        heard = Buffer.concat([heard, chunk])
        const match = told.exec(heard.toString('latin1'))
        if (match !== null) {
          const name = match[1]
          const rest = heard.subarray(match.index + match[0].length)
          if (rest.length > 0) stream.unshift(rest)
          return finish(name === 'nc' || name === 'socat' || name === 'bash' ? name : null)
        }
        if (heard.length > maxNoiseBytes) return finish(null)
      }
    }
    stream.on('readable', listen)
    channel.stderr?.resume()
    void channel.closed.then(() => finish(null))
  })
}
