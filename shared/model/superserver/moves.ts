import type { DaemonStep } from '../change'
import { common, type Port } from './port'
import type { SuperserverProof } from './proof'
import type { SuperserverState, XinetdState } from './state'
import { switchOver } from './switch-over'
import { proofOf } from './xinetd/prove'
import { resolve } from './xinetd/resolve'

export type DaemonProofs = Pick<SuperserverProof, 'xinetd' | 'inetd'>

/** xinetd -inetd_compat gives a port up as inetd, and has it again as xinetd. */
export function withoutOwn(
  { xinetd, inetd }: SuperserverState,
  proofs: DaemonProofs,
): SuperserverProof['inetd'] {
  const taken = proofs.xinetd?.listening ?? []
  if (proofs.inetd === null || xinetd?.daemon?.pid !== inetd?.daemon?.pid) return proofs.inetd
  return {
    ...proofs.inetd,
    silent: proofs.inetd.silent.filter((port) => common([port], taken).length === 0),
  }
}

/** Where ports go from one daemon to the other, the two are told in turn; null: none goes. */
export function movesBetween(
  { xinetd, inetd }: SuperserverState,
  proofs: DaemonProofs,
): readonly [DaemonStep] | null {
  const left = inetd?.daemon ?? null
  const right = xinetd?.daemon ?? null
  if (left === null || right === null || left.pid === right.pid) return null
  if (proofs.xinetd === null || proofs.inetd === null) return null
  const old = { name: 'inetd', daemon: left } as const
  const next = { name: 'xinetd', daemon: right } as const
  const forth = common(proofs.inetd.silent, proofs.xinetd.listening)
  if (forth.length > 0) return [switchOver(old, next, forth)]
  const back = common(proofs.xinetd.silent, proofs.inetd.listening)
  return back.length > 0 ? [switchOver(next, old, back)] : null
}

/** Ports that xinetd has, and would not have any more. */
export function leavingXinetd({ xinetd }: SuperserverState, after: XinetdState | null): readonly Port[] {
  if (xinetd === null || after === null) return []
  return proofOf(xinetd, resolve(xinetd), resolve(after))?.silent ?? []
}
