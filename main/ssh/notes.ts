import type { UnsupportedOption } from './route'
import type { ConnectionNote } from '../../shared/contract/host'

/**
 * What of a sign-in did not go as configured although the sign-in went on: nothing is skipped in silence.
 * A note's text stands in the ssh area of the renderer's texts under `ssh.note.CODE`.
 */
export const noteCodes = [
  'agentUnreachable',
  'agentIdentityUnsupported',
  'agentIdentityMissing',
  'agentRefusedToSign',
  'keyUnreadable',
  'keyUnsupported',
  'keyRefused',
  'keyPassphraseWrong',
  'keyPassphraseCancelled',
  'methodNotOffered',
  'methodRefused',
  'hostCertificatesUnsupported',
  'hostKeyUnsaved',
  'hostKeyAccepted',
  'hostKeyNowhere',
  'optionUnsupported',
  'strictHostKeyOff',
  'banner',
  'sessionLimit',
  'forwardingByHelper',
] as const

export type NoteCode = (typeof noteCodes)[number]

/** What an option of ~/.ssh/config that was not followed is told as. */
export function optionNote({ kind, option, file, line }: UnsupportedOption): ConnectionNote {
  return note(kind === 'strict-off' ? 'strictHostKeyOff' : 'optionUnsupported', { option, file, line })
}

export const note = (code: NoteCode, params: ConnectionNote['params'] = {}): ConnectionNote => ({
  code,
  params,
})
