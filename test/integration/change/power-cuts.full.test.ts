import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { openLab, type Lab } from '../../lab/lab'
import { allCuts, cutAll, faultOf, halfSynced, PowerLane } from './power-lane'

/*
 * Two hosts with kernels of their own, /etc, the journal and the files of the change each on an ext4 of its own that
 * writes nothing by itself, lose their power at every point of a change. It takes many minutes.
 */
const script = vi.hoisted(() => ({ syncs: true }))
vi.mock('../../../main/host/change/journal.sh?raw', async (load) => {
  const { faultFolder, withFaultPoints, withoutSync } = await import('./fault-point')
  const { default: journal } = await load<{ default: string }>()
  const broken = withFaultPoints(journal, faultFolder)
  const unsynced = withoutSync(broken)
  return {
    get default() {
      return script.syncs ? broken : unsynced
    },
  }
})

let lab: Lab
let lanes: readonly PowerLane[] = []
beforeAll(async () => {
  lab = await openLab()
  lanes = await Promise.all([
    PowerLane.open(lab, 'power-dash', 'dash'),
    PowerLane.open(lab, 'power-ash', 'busybox'),
  ])
})
afterAll(async () => {
  for (const lane of lanes) lane.close()
  await lab.close()
})

it(
  `a host is wholly before or wholly after at ${allCuts.length} power cuts`,
  {
    timeout: 3_600_000,
  },
  async () => {
    expect(allCuts.length).toBeGreaterThanOrEqual(30)
    expect((await cutAll(lanes, allCuts)).join('\n\n')).toBe('')
  },
)

it(
  'without sync a change that was said to stay is lost, and one that was not stays in part',
  {
    timeout: 600_000,
  },
  async () => {
    const [lane] = lanes
    if (lane === undefined) throw new Error('no host')
    script.syncs = false
    try {
      const heard = { point: 'heard', holds: true }
      const lost = await lane.cut(heard)
      expect(lost).toMatchObject({ heard: { kind: 'proved' }, state: 'before' })
      expect(faultOf(heard, lost)).not.toBe('')
      const torn = await lane.cut(halfSynced)
      expect(torn.state).toContain('+9202 hello')
      expect(faultOf(halfSynced, torn)).not.toBe('')
    } finally {
      script.syncs = true
    }
  },
)
