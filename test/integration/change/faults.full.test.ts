import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { openLab, type Lab } from '../../lab/lab'
import { faults, type FaultLane } from './fault-lane'
import { breakAll, injections, kinds, openLanes } from './fault-run'

/*
 * The faults of faults.test.ts, each on every kind of host, and twice.
 * It takes many minutes.
 */
vi.mock('../../../main/host/change/journal.sh?raw', async (load) => {
  const { withFaultPoints } = await import('./fault-point')
  const { default: journal } = await load<{ default: string }>()
  return { default: withFaultPoints(journal) }
})

const all = kinds.flatMap((on) => {
  const each = injections(faults).map((one) => ({ ...one, on }))
  return [...each, ...each]
})

let lab: Lab
let lanes: readonly FaultLane[] = []
beforeAll(async () => {
  lab = await openLab()
  lanes = await openLanes(lab, [...kinds, ...kinds.map((kind) => ({ ...kind, name: `${kind.name}-2` }))])
})
afterAll(async () => {
  for (const lane of lanes) lane.close()
  await lab.close()
})

it(`a host is wholly before or wholly after at ${all.length} faults`, { timeout: 3_600_000 }, async () => {
  const { wrong, summary } = await breakAll(lanes, all)
  console.log(summary)
  expect(wrong.join('\n\n')).toBe('')
  expect(all.length).toBeGreaterThanOrEqual(2000)
})
