import { afterEach, describe, expect, it } from 'vitest'
import { ok } from '../../shared/contract/answer'
import type { PartName, PartSnapshot } from '../../shared/contract/part'
import { Gatherer } from './gatherer'
import type { PartSource } from './part-source'

const told: [PartName, PartSnapshot][] = []
const logged: string[] = []
let gatherer: Gatherer | null = null
afterEach(() => {
  gatherer?.dispose()
  told.length = 0
  logged.length = 0
})

const source = (name: PartName, parse: PartSource['parse']): PartSource => ({
  name,
  need: 'none',
  sections: [{ name, body: ':', seconds: 1 }],
  refreshMs: 60_000,
  parse,
})

function gather(run: 'answers' | 'throws', ...sources: readonly PartSource[]): Gatherer {
  return (gatherer = new Gatherer({
    host: 'h',
    name: () => 'quay',
    find: (name) => sources.find((one) => one.name === name),
    up: () => true,
    run: ({ sections }) => {
      if (run === 'throws') return Promise.reject(new TypeError('a fault of ours'))
      const answers = sections.map(() => ({ kind: 'done', code: 0, pieces: [], stderr: '' }) as const)
      const answer = { sections: answers, complete: true }
      return Promise.resolve({ ok: true, value: { answer, asRoot: false } })
    },
    changed: (part, snapshot) => told.push([part, snapshot]),
    log: (line) => logged.push(line),
  }))
}

describe('a fault of ours in a reading', () => {
  it('is a problem of its own part, with the value as it last was, and is logged', async () => {
    let faulty = false
    const facts = source('facts', () => {
      if (faulty) throw new TypeError('an answer nobody thought of')
      return ok('a value')
    })
    const it = gather(
      'answers',
      facts,
      source('superserver', () => ok('another')),
    )
    await Promise.all([it.open('facts'), it.open('superserver')])
    faulty = true
    const answer = await it.refresh('facts')
    expect(answer).toMatchObject({
      ok: true,
      value: {
        value: 'a value',
        stale: true,
        problem: { code: 'app.internal', host: 'quay', params: { method: 'part.facts' } },
      },
    })
    expect(logged).toEqual([expect.stringContaining('an answer nobody thought of')])
    expect(it.last('superserver')).toMatchObject({ value: 'another', stale: false, problem: null })
    faulty = false
    expect(await it.refresh('facts')).toMatchObject({ value: { stale: false, problem: null } })
  })

  it('is no unhandled rejection when nobody waits for the reading', async () => {
    const it = gather(
      'throws',
      source('facts', () => ok('never read')),
    )
    await it.open('facts')
    told.length = 0
    it.readAll()
    await expect.poll(() => logged.length).toBe(2)
    expect(it.last('facts')).toBeNull()
    expect(await it.refresh('facts')).toMatchObject({
      ok: true,
      value: { value: null, problem: { code: 'app.internal' } },
    })
  })
})
