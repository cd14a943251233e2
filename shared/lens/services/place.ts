import type { Node } from './document'
import { isRead } from './document'

/** A stretch of the file whose ports go up, by places in `nodes`. */
type Run = {
  readonly length: number
  readonly firstPort: number
  readonly lastPort: number
  readonly from: number
  readonly to: number
}

/** Fewer lines in order may be so by chance, unless they are all there are. */
const ENOUGH = 3

/**
 * Where a line of this port goes: into the longest stretch in port order that spans the port, behind the last line there
 * of the same or a lower port; else at the end.
 */
export function placeFor(nodes: readonly Node[], port: number): number {
  const runs = runsIn(nodes)
  let best: Run | undefined
  for (const [index, run] of runs.entries()) {
    const longEnough = run.length >= ENOUGH || runs.length === 1
    const spans = (index === 0 || port >= run.firstPort) && port < run.lastPort
    if (longEnough && spans && run.length > (best?.length ?? 0)) best = run
  }
  if (best === undefined) return nodes.length
  let place = best.from
  for (let at = best.from; at <= best.to; at++) {
    const node = nodes[at]
    if (!isRead(node)) continue
    if (node.port > port) break
    place = at + 1
  }
  return place
}

function runsIn(nodes: readonly Node[]): readonly Run[] {
  const runs: Run[] = []
  let run: Run | undefined
  for (const [at, node] of nodes.entries()) {
    if (!isRead(node)) continue
    const { port } = node
    if (run !== undefined && port >= run.lastPort) {
      run = { ...run, length: run.length + 1, lastPort: port, to: at }
    } else {
      if (run !== undefined) runs.push(run)
      run = { length: 1, firstPort: port, lastPort: port, from: at, to: at }
    }
  }
  return run === undefined ? runs : [...runs, run]
}
