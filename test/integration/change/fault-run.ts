import type { Lab } from '../../lab/lab'
import { stepCount } from './broken-change'
import { FaultLane, type Fault, type LaneKind } from './fault-lane'
import { beginPoints, confirmPoints, rollbackPoints } from './fault-point'

export interface Injection {
  readonly point: string
  readonly fault: Fault
  /** False: the proof fails, and the fault comes while the change is taken back. */
  readonly holds: boolean
  /** The kind of host that it must run on; absent: whichever is free. */
  readonly on?: LaneKind
}

export const kinds: readonly LaneKind[] = [
  { name: 'kill-dash', killUserProcesses: true, shell: 'dash' },
  { name: 'keep-dash', killUserProcesses: false, shell: 'dash' },
  { name: 'kill-ash', killUserProcesses: true, shell: 'busybox' },
  { name: 'keep-ash', killUserProcesses: false, shell: 'busybox' },
]

/** Every fault at every point, as far as it makes sense: a daemon that dies after the proof is nobody's change. */
export function injections(faults: readonly Fault[]): readonly Injection[] {
  const forth = [...beginPoints(stepCount), ...confirmPoints]
  const late: readonly string[] = [...confirmPoints, 'restored', 'settled']
  const at = (point: string, holds: boolean): readonly Injection[] =>
    faults
      .filter((fault) => !(late.includes(point) && fault === 'killDaemon'))
      .map((fault) => ({ point, fault, holds }))
  return [
    ...forth.flatMap((point) => at(point, true)),
    ...rollbackPoints.flatMap((point) => at(point, false)),
  ]
}

export interface FaultReport {
  /** One entry for each fault that left a host, or what was said of it, other than it must be. */
  readonly wrong: readonly string[]
  /** How often each fault ended how. */
  readonly summary: string
}

const isAlike = (a: LaneKind, b: LaneKind): boolean =>
  a.shell === b.shell && a.killUserProcesses === b.killUserProcesses

/** Breaks changes on as many hosts as there are lanes, side by side. */
export async function breakAll(lanes: readonly FaultLane[], all: readonly Injection[]): Promise<FaultReport> {
  const todo = [...all]
  const wrong: string[] = []
  const counts = new Map<string, number>()
  const take = (lane: FaultLane): Injection | undefined => {
    const at = todo.findIndex(({ on }) => on === undefined || isAlike(on, lane.kind))
    return at === -1 ? undefined : todo.splice(at, 1)[0]
  }
  await Promise.all(
    lanes.map(async (lane) => {
      for (let next = take(lane); next !== undefined; next = take(lane)) {
        const { point, fault, holds } = next
        const name = `${lane.kind.name}, ${point}${holds ? '' : ' of the taking back'}, ${fault}`
        try {
          const { outcome, state, left } = await lane.break(point, fault, holds)
          const said = typeof outcome === 'string' ? 'refused' : (outcome?.kind ?? 'unheard')
          const whole = state === 'before' || state === 'after'
          if (!whole || !agrees(said, state) || left !== '')
            wrong.push(`${name}: ${JSON.stringify(outcome)}\n${state}\n${left}`)
          const key = `${fault}: ${said}, ${whole ? state : 'neither'}`
          counts.set(key, (counts.get(key) ?? 0) + 1)
        } catch (error) {
          wrong.push(`${name}: ${String(error)}`)
        }
      }
    }),
  )
  const summary = [...counts]
    .sort()
    .map(([key, count]) => `${count} × ${key}`)
    .join('\n')
  return { wrong, summary }
}

/** What was said is what is. Who heard nothing, or says that he does not know, says nothing wrong. */
function agrees(said: string, state: string): boolean {
  switch (said) {
    case 'proved':
      return state === 'after'
    case 'rolledBack':
    case 'refused':
      return state === 'before'
    default:
      return said === 'unheard' || said === 'unknown'
  }
}

export function openLanes(lab: Lab, of: readonly LaneKind[]): Promise<readonly FaultLane[]> {
  return Promise.all(of.map((kind) => FaultLane.open(lab, kind)))
}
