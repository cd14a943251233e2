import { describe, expect, it } from 'vitest'
import { parseHostLookups } from '../../../probe/host-lookups'
import { names } from '../fixtures.test-support'
import { judgeRedirect, redirectOf } from './redirect-proof'

const lookups = parseHostLookups(`127.0.0.1 127.0.0.1 localhost
web1.quay 10.0.0.7 web1.quay web1
10.0.0.9 10.0.0.9
::1 ::1 localhost ip6-localhost
pool 10.0.0.1 a.pool
pool 10.0.0.2 b.pool
nosuch -
`)
const setting = (values: readonly string[]) => ({ values, origin: 'own', at: null }) as const
const of = (...words: readonly string[]) => redirectOf({ settings: { redirect: setting(words) } }, names)

describe('where a redirection leads', () => {
  it('is to a port, or to what the name of a service means over tcp', () => {
    expect(of('127.0.0.1', '22')).toEqual({ host: '127.0.0.1', port: 22 })
    expect(of('web1.quay', 'telnet')).toEqual({ host: 'web1.quay', port: 23 })
    expect(of('web1.quay', 'unheard')).toEqual({ host: 'web1.quay', port: null })
    expect(redirectOf({ settings: {} }, names)).toBeNull()
  })
})

describe("the daemon's word for it", () => {
  it.each([
    ['127.0.0.1', 22, 'localhost:22', 'same'],
    ['127.0.0.1', 22, 'LOCALHOST:22', 'same'],
    ['127.0.0.1', 22, 'localhost:23', 'other'],
    ['127.0.0.1', 22, 'elsewhere:22', 'other'],
    ['127.0.0.1', 22, undefined, 'other'],
    ['web1.quay', 80, 'WEB1.quay:80', 'same'],
    ['web1.quay', 80, 'localhost:80', 'other'],
    ['10.0.0.9', 8080, '10.0.0.9:8080', 'same'],
    ['10.0.0.8', 8080, '10.0.0.9:8080', 'other'],
    ['::1', 9000, 'ip6-localhost:9000', 'same'],
    ['0:0:0:0:0:0:0:1', 9000, '::1:9000', 'same'],
    ['pool', 80, 'b.pool:80', 'same'],
    ['pool', 80, 'c.pool:80', 'unknown'],
    ['10.0.0.3', 80, 'web3:80', 'unknown'],
    ['10.0.0.9', null, '10.0.0.9:8080', 'unknown'],
    ['nosuch', 80, 'somebody:80', 'unknown'],
  ] as const)('of %s %s: %s is %s', (host, port, said, verdict) => {
    expect(judgeRedirect({ host, port }, said, lookups)).toBe(verdict)
  })
})
