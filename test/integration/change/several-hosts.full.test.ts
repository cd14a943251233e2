import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { openLab, type Lab } from '../../lab/lab'
import { cutAt, names, openSeveral, points, type Several } from './several-lane'

/** The link of each of three hosts, cut at every point of one change. */
vi.mock('../../../main/host/change/journal.sh?raw', async (load) => {
  const { withFaultPoints } = await import('./fault-point')
  const { default: journal } = await load<{ default: string }>()
  return { default: withFaultPoints(journal) }
})

let lab: Lab
let several: Several
beforeAll(async () => {
  lab = await openLab()
  several = await openSeveral(lab)
})
afterAll(async () => {
  several.close()
  await lab.close()
})

it.each(points.flatMap((point) => names.map((on) => ({ point, on }))))(
  'cut at $point of $on, all are before or all are after',
  async (cut) => {
    const { outcome, states, left } = await cutAt(several, cut)
    const made = typeof outcome !== 'string' && outcome.kind === 'proved'
    const word = made ? 'after' : 'before'
    expect(states, JSON.stringify(outcome)).toEqual([word, word, word])
    expect(left).toBe('')
  },
)
