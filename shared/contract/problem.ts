import type { ConnectionNote } from './host'

/**
 * Every way in which something can fail that a user hears of. A code's text stands in renderer/i18n under
 * `problem.CODE.what` and `problem.CODE.todo`; a test fails where one is missing.
 */
export const problemCodes = [
  // the app itself
  'app.invalidRequest',
  'app.internal',
  'app.cancelled',
  'app.hostProcessGone',
  'app.readOnly',
  'app.notFound',
  'app.storeUnreadable',
  'app.storeUnwritable',
  // the SSH transport
  'ssh.nameUnknown',
  'ssh.refused',
  'ssh.unreachable',
  'ssh.connectTimeout',
  'ssh.bannerTimeout',
  'ssh.notSsh',
  'ssh.oldProtocol',
  'ssh.greetingTooLong',
  'ssh.handshakeTimeout',
  'ssh.handshakeFailed',
  'ssh.noCommonAlgorithm',
  'ssh.noCommonModernAlgorithm',
  'ssh.knownHostsUnreadable',
  'ssh.hostKeyChanged',
  'ssh.hostKeyRevoked',
  'ssh.hostKeyRefused',
  'ssh.hostKeyUnlisted',
  'ssh.authFailed',
  'ssh.tooManyAuthFailures',
  'ssh.passwordExpired',
  'ssh.signInTimeout',
  'ssh.cancelled',
  'ssh.closedByServer',
  'ssh.lost',
  'ssh.closed',
  'ssh.jumpForbidden',
  'ssh.jumpUnreachable',
  'ssh.sessionRefused',
  'ssh.requestRefused',
  'ssh.forwardForbidden',
  'ssh.forwardFailed',
  'ssh.sftpUnavailable',
  'ssh.timeout',
  'ssh.fileMissing',
  'ssh.fileForbidden',
  'ssh.fileTooLarge',
  'ssh.fileFailed',
  // a connected host
  'host.notConnected',
  'host.tooMany',
  'host.terminalReadOnly',
  'host.jumpLoop',
  'host.sshConfigUnreadable',
  'host.jumpMissing',
  'host.connectionLost',
  'host.noAnswer',
  'host.answerCut',
  'host.answerTooLarge',
  'host.partLate',
  'host.shellRefused',
  'host.privilegeUnknown',
  'host.privilegeNone',
  'host.privilegeLimited',
  'host.privilegeRefused',
  // a change
  'change.unsupported',
  'change.notPlanned',
  'change.differs',
  'change.busy',
  'change.conflict',
  'change.notAsPlanned',
  'change.cannotWrite',
  'change.noDigestTool',
  'change.hardLinked',
  'change.mounted',
  'change.stepFailed',
  'change.notProved',
  'change.rollbackIncomplete',
  'change.rehearsalFailed',
  'change.noJournal',
  'change.notArmed',
  'change.hostBusy',
  'change.unprotected',
  'change.noNewWay',
  'change.unsettled',
  'change.halfConfirmed',
  'change.tookBackBefore',
  'change.notAwaited',
  'change.notConfirmed',
  'change.notUndoable',
  'change.secretNotKept',
  // the super-server
  'superserver.absent',
  'superserver.silent',
  'superserver.unknownService',
  'superserver.unreadable',
  'superserver.nothingToDo',
  'superserver.wouldExit',
  'superserver.wouldRefuse',
  'superserver.wouldIgnore',
  'superserver.enabledElsewhere',
  'superserver.noInetd',
  'superserver.noFolder',
  'superserver.runs',
  'superserver.notRunning',
  'superserver.cutsOurselves',
  'superserver.notIncluded',
  'superserver.badFileName',
  'superserver.fileExists',
  'superserver.unseen',
  'superserver.portHeld',
  'superserver.cannotStand',
  'superserver.outOfReach',
  'superserver.inetdRefuses',
  'superserver.takenOtherwise',
  'superserver.changesOthers',
  // the load balancer
  'balancer.unavailable',
  'balancer.ownedByKeepalived',
  'balancer.ownedByKubeProxy',
  'balancer.unknownService',
  'balancer.unknownServer',
  'balancer.serverExists',
  'balancer.nothingToDo',
  'balancer.mixedFamilies',
  'balancer.portDiffers',
  'balancer.thresholds',
  'balancer.late',
  // remote desktops
  'desktop.noServer',
  'desktop.noStarter',
  'desktop.noneFree',
  'desktop.displayTaken',
  'desktop.displayStale',
  'desktop.portTaken',
  'desktop.noUnixSocket',
  'desktop.noPasswordTool',
  'desktop.gone',
  'desktop.foreign',
  'desktop.unit',
  'desktop.noEndpoint',
  'desktop.notRfb',
  'desktop.refused',
  'desktop.securityUnsupported',
  'desktop.passwordWrong',
  'desktop.closed',
  'desktop.protocol',
] as const

export type ProblemCode = (typeof problemCodes)[number]

export type Problem = {
  readonly code: ProblemCode
  /** Name of the host it happened on, as the user knows it. */
  readonly host?: string
  /** Fills the placeholders of the text. */
  readonly params: Readonly<Record<string, string | number>>
  /** Words of the tool that failed, bounded, shown verbatim and never interpreted. */
  readonly detail?: string
  /** What was skipped or refused on the way, each with its own text under `ssh.note`. */
  readonly notes?: readonly ConnectionNote[]
}

/** A problem without the ceremony: `problem('ssh.timeout', { seconds: 20 })`. */
export function problem(
  code: ProblemCode,
  params: Readonly<Record<string, string | number>> = {},
  more: Pick<Problem, 'host' | 'detail' | 'notes'> = {},
): Problem {
  return { code, params, ...more }
}
