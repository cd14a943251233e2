import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { HostNames } from '../../../shared/model/superserver'
import { ensureBase } from '../../lab/base/build'
import { configurations } from '../inetd-judge/generate'
import { namesIn } from '../xinetd-judge/judge'
import type { Case } from './cases'
import { byHand } from './cases'
import { disagreements, trialOf } from './compare'
import { cases } from './generate'
import type { Verdict } from './judge'
import { judge } from './judge'

/** The same sample every time; WHARFMASTER_JUDGE_CASES and WHARFMASTER_JUDGE_SEED ask for another. */
const count = Number(process.env['WHARFMASTER_JUDGE_CASES'] ?? 18)
const seed = Number(process.env['WHARFMASTER_JUDGE_SEED'] ?? 20)

const running = fc.sample(cases, { numRuns: count, seed })
const odd = fc
  .sample(configurations, { numRuns: 3 * count, seed })
  .map((text): Case => ({ name: 'odd', dialect: 'openbsd', text, asks: [] }))
const all = [...byHand, ...running, ...odd]

describe('what was converted for xinetd serves as it did below inetd', () => {
  let names: HostNames
  let verdicts: readonly Verdict[] = []

  beforeAll(async () => {
    const base = (await ensureBase((line) => console.log(line))).root
    const known = namesIn(base)
    names = { ...known, programs: { ...known.programs, '/usr/bin/perl': true, '/nowhere': false } }
    // All at once: most of their time they wait.
    verdicts = await judge(
      base,
      all.map((one) => trialOf(one, names)),
    )
  }, 240_000)

  function judged(some: readonly Case[]) {
    const tally = { converted: 0, sockets: 0, answers: 0 }
    const found = some.flatMap((one) => {
      const verdict = verdicts[all.indexOf(one)]
      if (verdict === undefined) throw new Error(`no verdict on ${one.name}`)
      const trial = trialOf(one, names)
      tally.converted += trial.conversions.filter(({ kind }) => kind === 'converted').length
      tally.sockets += verdict.after.sockets.length
      tally.answers += verdict.after.said.filter((said) => said.includes('argv=')).length
      const differences = disagreements(trial, verdict, names)
      const { name, text } = one
      return differences.length === 0 ? [] : [{ name, text, differences, log: verdict.log.slice(-3000) }]
    })
    return { found, ...tally }
  }

  // Each asks for a number too, so that agreement is not for want of anything to disagree about.

  it(`on ${byHand.length} files made by hand`, () => {
    const { found, converted, answers } = judged(byHand)
    expect(found).toEqual([])
    expect(converted).toBeGreaterThan(60)
    expect(answers).toBeGreaterThan(60)
  })

  it(`on ${running.length} generated files whose programs run`, () => {
    const { found, answers } = judged(running)
    expect(found).toEqual([])
    expect(answers).toBeGreaterThan(2 * count)
  })

  it(`on ${odd.length} generated files with many mistakes in them`, () => {
    const { found, sockets } = judged(odd)
    expect(found).toEqual([])
    expect(sockets).toBeGreaterThan(count / 2)
  })
})
