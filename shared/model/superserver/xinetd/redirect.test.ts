import fc from 'fast-check'
import { expect, it } from 'vitest'
import { candidatesIn, targetOf, withCandidates, type Target } from './redirect'

const web = { host: '192.0.2.7', port: '8080' }
const spare = { host: 'spare.example', port: 'http-alt' }

it('reads candidates in the comment of a service, and leaves what is none', () => {
  expect(
    candidatesIn(['# The old address.', '# Candidates: 192.0.2.7 8080, spare.example:http-alt']),
  ).toEqual([web, spare])
  expect(candidatesIn(['# candidates: two words too many, $(reboot) 80'])).toEqual([])
  expect(candidatesIn(['# of candidates: we have none'])).toEqual([])
})

it.each([
  ['192.0.2.7 8080', web],
  ['192.0.2.7:8080', web],
  ['2001:db8::1 80', { host: '2001:db8::1', port: '80' }],
  ['2001:db8::1', null],
  ['192.0.2.7', null],
  ['a b c', null],
  ['', null],
  ['x\n} 80', null],
])('a target: %j', (text, target) => {
  expect(targetOf(text)).toEqual(target)
})

it('keeps the other lines, and gives back the candidates that were put in', () => {
  const target = fc.record({
    host: fc.stringMatching(/^[\w.-]+$/),
    port: fc.integer({ min: 1, max: 65535 }).map(String),
  })
  const lines = fc.array(
    fc.string().map((text) => `# ${text.replaceAll(/candidates/gi, '').replaceAll(/\s/g, ' ')}`),
  )
  fc.assert(
    fc.property(lines, fc.array(target), (comment, targets: readonly Target[]) => {
      const made = withCandidates(comment, targets)
      expect(candidatesIn(made)).toEqual(targets)
      expect(withCandidates(made, [])).toEqual(comment)
    }),
  )
})
