import { describe, expect, it } from 'vitest'
import type { SectionAnswer } from '../../host/script-answer'
import { listing } from '../../../shared/model/balancer/listings.test-support'
import { balancerChange } from './change'
import { wasRead } from './gather'

const done = (pieces: Readonly<Record<string, string>>): SectionAnswer => ({
  kind: 'done',
  code: 0,
  pieces: Object.entries(pieces).map(([name, text]) => ({ name, bytes: Buffer.from(text) })),
  stderr: '',
})
const read = done({ availability: 'ready\n', listing })
const prove = (answer: SectionAnswer) =>
  balancerChange.prove(
    {
      id: 'h',
      name: 'h',
      run: () =>
        Promise.resolve({
          ok: true,
          value: { asRoot: true, answer: { sections: [answer], complete: true } },
        }),
    },
    { present: [], absent: ['-t 198.18.2.204:80 > 192.0.2.7:80'] },
    'applied',
  )

describe('the proof of a removal', () => {
  it('is a table without the server', async () => {
    expect(wasRead(read)).toBe(true)
    expect(await prove(read)).toMatchObject({ ok: true, value: { holds: true } })
  })

  it.each<[string, SectionAnswer]>([
    ['missing', { kind: 'missing' }],
    ['late', { kind: 'late', seconds: 10, pieces: [] }],
    ['without root', done({ availability: 'noPrivilege\n' })],
    ['of a tool that failed', done({ availability: 'ready\n', listing: '' })],
  ])('is not a table that is %s', async (_, answer) => {
    expect(await prove(answer)).toMatchObject({ ok: false })
  })
})
