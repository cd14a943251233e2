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
  'optionUnsupported',
  'banner',
  'sessionLimit',
  'forwardingByHelper',
] as const

export type NoteCode = (typeof noteCodes)[number]

export const note = (code: NoteCode, params: ConnectionNote['params'] = {}): ConnectionNote => ({
  code,
  params,
})
