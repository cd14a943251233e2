import { errorCode, errorText, sshProblem } from '../problems'
import type { Hop } from '../route'
import type { Problem } from '../../../shared/contract/problem'
import type { TapFault } from './wire-tap'

export type ConnectStep = 'dial' | 'greeting' | 'key exchange' | 'host key' | 'sign-in'

const where = ({ address, port }: Hop) => ({ address, port })

/** The server did not do in time what this step is. */
export function lateProblem(hop: Hop, step: ConnectStep, greeting: string): Problem {
  switch (step) {
    case 'dial':
    case 'greeting':
      if (greeting !== '') return sshProblem('ssh.notSsh', hop.name, where(hop), greeting)
      return sshProblem('ssh.bannerTimeout', hop.name, where(hop))
    case 'key exchange':
    case 'host key':
      return sshProblem('ssh.handshakeTimeout', hop.name, where(hop))
    case 'sign-in':
      return sshProblem('ssh.signInTimeout', hop.name, where(hop))
  }
}

/** What ssh2 gave up for, by its words: it has no codes. */
export function ssh2Problem(hop: Hop, step: ConnectStep, text: string, auth: Problem['params']): Problem {
  if (/no matching|no common|no mutual|algorithm.*(agree|match)/i.test(text)) {
    const code = hop.legacy ? 'ssh.noCommonAlgorithm' : 'ssh.noCommonModernAlgorithm'
    return sshProblem(code, hop.name, where(hop), text)
  }
  if (/too many authentication failures/i.test(text)) {
    return sshProblem('ssh.tooManyAuthFailures', hop.name, auth, text)
  }
  if (step === 'sign-in') return sshProblem('ssh.closedByServer', hop.name, { step }, text)
  return sshProblem('ssh.handshakeFailed', hop.name, where(hop), text)
}

/** The connection ended. `fault`: what came in the place of a greeting. */
export function endedProblem(
  hop: Hop,
  step: ConnectStep,
  fault: TapFault | null,
  error: Error | null,
): Problem {
  if (fault !== null) {
    switch (fault.kind) {
      case 'not-ssh':
        return sshProblem('ssh.notSsh', hop.name, where(hop), fault.text)
      case 'old-protocol':
        return sshProblem('ssh.oldProtocol', hop.name, where(hop), fault.text)
      case 'greeting-too-long':
        return sshProblem('ssh.greetingTooLong', hop.name, where(hop), fault.text)
    }
  }
  const why = error === null ? undefined : (errorCode(error) ?? errorText(error))
  return sshProblem('ssh.closedByServer', hop.name, { step }, why)
}
