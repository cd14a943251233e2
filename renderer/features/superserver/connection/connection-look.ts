import type { Connection } from '../../../../shared/model/superserver'

/** @param running its server runs */
export function connectionLook(
  { outcome }: Connection,
  running: boolean,
): { readonly icon: string; readonly color: string } {
  if (outcome.kind === 'refused') return { icon: 'i-lucide-circle-x', color: 'text-error' }
  if (running) return { icon: 'i-lucide-circle-play', color: 'text-primary' }
  const isOdd =
    outcome.kind === 'notStarted' ||
    (outcome.kind === 'ended' && ((outcome.status ?? 0) !== 0 || outcome.signal !== null))
  return isOdd
    ? { icon: 'i-lucide-circle-alert', color: 'text-warning' }
    : { icon: 'i-lucide-circle-check', color: 'text-success' }
}
