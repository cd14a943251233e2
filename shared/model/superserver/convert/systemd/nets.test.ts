import { describe, expect, it } from 'vitest'
import { netsOf, printNet, subtract } from './nets'

describe('what xinetd lets in, as ranges', () => {
  it.each([
    ['10.1.2.3', ['10.1.2.3/32']],
    ['10.1.0.0', ['10.1.0.0/16']],
    ['10.0.3.0', ['10.0.3.0/24']],
    ['0.0.0.0', ['0.0.0.0/0']],
    ['10', ['0.0.0.10/32']],
    ['0x7f.1', ['127.0.0.1/32']],
    ['10.1.2.3/8', ['10.0.0.0/8']],
    ['10.1.2.3/40', ['10.1.2.3/32']],
    ['0.0.0.0/0', ['0.0.0.0/0']],
    ['172.16.{1,2}', ['172.16.1.0/24', '172.16.2.0/24']],
    ['10.1.2.{0,9}', ['10.1.2.0/32', '10.1.2.9/32']],
    ['fe80::1', ['fe80::1/128']],
    ['fe80::1/10', ['fe80::/10']],
    ['::', ['::/128']],
  ])('%s', (site, expected) => {
    expect(netsOf(site)?.map(printNet)).toEqual(expected)
  })

  it.each(['.example.org', 'localhost', '::1/128', '300.1.1.1'])('%s is none', (site) => {
    expect(netsOf(site)).toBeNull()
  })

  it('has holes', () => {
    const left = (net: string, ...holes: readonly string[]) =>
      subtract(
        netsOf(net) ?? [],
        holes.flatMap((hole) => netsOf(hole) ?? []),
      ).map(printNet)
    expect(left('10.0.0.0/30', '10.0.0.1/32')).toEqual(['10.0.0.0/32', '10.0.0.2/31'])
    expect(left('10.0.0.0/30', '10.0.0.0/8')).toEqual([])
    expect(left('10.0.0.0/30', '11.0.0.0/8', '::/0')).toEqual(['10.0.0.0/30'])
    expect(left('::/126', 'fe80::1', '::2')).toEqual(['::/127', '::3/128'])
  })
})
