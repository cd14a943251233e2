import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { openLab, type Lab } from '../../lab/lab'
import { cutAll, halfSynced, PowerLane } from './power-lane'

/*
 * The power of a host goes, with all that was not synced, in the middle of a change that is half on the disk by then:
 * its boot takes it back before any service starts. Every other moment, and what comes of a change that is not synced,
 * is in power-cuts.full.test.ts.
 */
vi.mock('../../../main/host/change/journal.sh?raw', async (load) => {
  const { faultFolder, withFaultPoints } = await import('./fault-point')
  const { default: journal } = await load<{ default: string }>()
  return { default: withFaultPoints(journal, faultFolder) }
})

let lab: Lab
let lane: PowerLane | undefined
beforeAll(async () => {
  lab = await openLab()
  lane = await PowerLane.open(lab, 'power', 'dash')
})
afterAll(async () => {
  lane?.close()
  await lab.close()
})

it('a power cut in the middle of a change is taken back at boot', { timeout: 300_000 }, async () => {
  expect(await cutAll(lane === undefined ? [] : [lane], [halfSynced])).toEqual([])
})
