import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { HostNames } from '../../../shared/model/superserver'
import { resolve } from '../../../shared/model/superserver'
import { ensureBase } from '../../lab/base/build'
import { byHand } from './by-hand'
import type { Accounts } from './compare'
import { accountOf, accountOfDaemon } from './compare'
import { configurations } from './generate'
import type { Case } from './judge'
import { accountsIn, configurationOf, judge, namesIn } from './judge'

/** The same sample every time; WHARFMASTER_JUDGE_CASES and WHARFMASTER_JUDGE_SEED ask for another. */
const isFull = process.env['WHARFMASTER_FULL'] === '1'
const count = Number(process.env['WHARFMASTER_JUDGE_CASES'] ?? (isFull ? 2000 : 244))
const seed = Number(process.env['WHARFMASTER_JUDGE_SEED'] ?? 20)

describe('the model of xinetd agrees with xinetd', () => {
  let base = ''
  let names: HostNames
  let accounts: Accounts

  beforeAll(async () => {
    base = (await ensureBase((line) => console.log(line))).root
    names = namesIn(base)
    accounts = accountsIn(base)
  })

  async function disagreements(
    cases: readonly Case[],
  ): Promise<{ readonly running: number; readonly found: readonly unknown[] }> {
    const verdicts = await judge(base, cases)
    let running = 0
    const found = cases.flatMap((one, index) => {
      const verdict = verdicts[index]
      if (verdict === undefined) throw new Error(`no verdict on case ${index}`)
      running += verdict.dump?.services.length ?? 0
      const model = accountOf(resolve(configurationOf(one, index, names)), accounts, names)
      const daemon = accountOfDaemon(verdict)
      return JSON.stringify(model) === JSON.stringify(daemon)
        ? []
        : [{ case: one, model, daemon, log: verdict.log.slice(-2000) }]
    })
    return { running, found }
  }

  it(`on ${byHand.length} configurations made by hand`, async () => {
    const { running, found } = await disagreements(byHand)
    expect(found).toEqual([])
    // So that agreement is not for want of anything to disagree about.
    expect(running).toBeGreaterThan(byHand.length)
  })

  it(`on ${count} generated configurations`, async () => {
    const { running, found } = await disagreements(fc.sample(configurations, { numRuns: count, seed }))
    expect(found).toEqual([])
    expect(running).toBeGreaterThan(count)
  }, 1_800_000)
})
