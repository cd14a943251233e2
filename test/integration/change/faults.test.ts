import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { openLab, type Lab } from '../../lab/lab'
import { faults, type FaultLane } from './fault-lane'
import { breakAll, injections, kinds, openLanes } from './fault-run'

/*
 * A change of every kind of step, on real files and a real xinetd, is broken at every point and between every two.
 * Afterwards the host is wholly before or wholly after, its daemon included, and that is what was said.
 */
vi.mock('../../../main/host/change/journal.sh?raw', async (load) => {
  const { withFaultPoints } = await import('./fault-point')
  const { default: journal } = await load<{ default: string }>()
  return { default: withFaultPoints(journal) }
})

/** A sample that meets every point and every fault; all of them are faults.full.test.ts. A restart takes seconds. */
const all = [
  ...injections(faults.filter((fault) => fault !== 'reboot')).filter((_, at) => at % 9 !== 4 && at % 9 !== 8),
  ...injections(['reboot']).filter((_, at) => at % 9 === 0),
]

let lab: Lab
let lanes: readonly FaultLane[] = []
beforeAll(async () => {
  lab = await openLab()
  lanes = await openLanes(lab, kinds)
})
afterAll(async () => {
  for (const lane of lanes) lane.close()
  await lab.close()
})

it(`a host is wholly before or wholly after at ${all.length} faults`, { timeout: 600_000 }, async () => {
  const { wrong, summary } = await breakAll(lanes, all)
  console.log(summary)
  expect(wrong.join('\n\n')).toBe('')
  expect(all.length).toBeGreaterThanOrEqual(200)
})
