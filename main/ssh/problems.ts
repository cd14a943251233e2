import { problem } from '../../shared/contract/problem'
import type { Problem, ProblemCode } from '../../shared/contract/problem'

/** The words of a server or of a tool, as far as they fit in a box: no control characters but line ends. */
export function detailText(text: string, max = 2000): string {
  // eslint-disable-next-line no-control-regex -- they are what is taken out
  return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, ' ').slice(0, max)
}

export function sshProblem(
  code: Extract<ProblemCode, `ssh.${string}`>,
  host: string,
  params: Problem['params'] = {},
  detail?: string,
): Problem {
  return problem(code, params, detail === undefined ? { host } : { host, detail: detailText(detail) })
}

export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Why a TCP connection did not come about. */
export function dialProblem(error: unknown, host: string, address: string, port: number): Problem {
  const code = errorCode(error) ?? ''
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_NODATA') {
    return sshProblem('ssh.nameUnknown', host, { address })
  }
  if (code === 'ECONNREFUSED') return sshProblem('ssh.refused', host, { address, port })
  if (code === 'ETIMEDOUT') return sshProblem('ssh.connectTimeout', host, { address, port })
  return sshProblem('ssh.unreachable', host, { address, port, why: code }, errorText(error))
}

/** What trying again may mend; the rest waits for the user. */
export function worthRetrying(problem: Problem): boolean {
  switch (problem.code) {
    case 'ssh.nameUnknown':
    case 'ssh.refused':
    case 'ssh.connectTimeout':
    case 'ssh.unreachable':
    case 'ssh.bannerTimeout':
    case 'ssh.handshakeTimeout':
    case 'ssh.closedByServer':
    case 'ssh.signInTimeout':
    case 'ssh.lost':
    case 'ssh.jumpUnreachable':
      return true
    default:
      return false
  }
}
