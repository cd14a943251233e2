/** What the daemon does because of what a diagnostic names. */
export type Effect =
  /** xinetd ends, at its start and at a reload. */
  | 'daemonExits'
  /** The service does not run. */
  | 'serviceRefused'
  /** Lines, maybe whole services, are passed over. */
  | 'linesSkipped'
  /** The line counts for nothing. */
  | 'lineIgnored'
  /** A word of the line counts for nothing. */
  | 'wordIgnored'
  /** Worth knowing; the daemon does nothing about it. */
  | 'none'

/** Something in a configuration that does not do what it looks like. Its text stands in the i18n under `xinetd.CODE`. */
export type Diagnostic = {
  readonly code: DiagnosticCode
  readonly effect: Effect
  readonly path: string
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 units. */
  readonly column: number
  readonly length: number
  readonly params: Readonly<Record<string, string | number>>
}

export const diagnosticCodes = [
  'unknownAttribute',
  'notInDefaults',
  'alreadySet',
  'operatorNotAllowed',
  'wrongCount',
  'badValue',
  'badDefault',
  'malformedLine',
  'incompleteEntry',
  'linesSkipped',
  'secondDefaults',
  'carriageReturn',
  'inlineComment',
  'includeMissing',
  'includeLoop',
  'fileNameSkipped',
  'missingAttribute',
  'portUnknown',
  'portMissing',
  'portDiffers',
  'unknownInternal',
  'unknownRpc',
  'trafficWithoutRedirect',
  'redirectNotStream',
  'redirectWaits',
  'redirectNameInArgs',
  'nameInArgsInternal',
  'nameInArgsWithoutArgs',
  'muxNotUnlisted',
  'muxNotTcp',
  'duplicate',
  'portTaken',
  'socketMismatch',
  'lineCut',
  'disabledByDefaults',
  'notInEnabled',
  'interceptIgnored',
  'userIdIgnored',
  'badAddress',
] as const

export type DiagnosticCode = (typeof diagnosticCodes)[number]
