import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hostsAccess } from '../../../lens/hosts-access'
import { accessText } from '../../../lens/hosts-access/arbitrary.test-support'
import type { Request } from './index'
import { decide } from './index'

const from = (address: string, name: string | null = 'unknown', more: Partial<Request> = {}): Request => ({
  daemon: 'sshd',
  client: { address, name },
  ...more,
})
const of = (allow: string, deny: string, request: Request = from('10.0.0.1')) =>
  decide(hostsAccess.parse(allow), hostsAccess.parse(deny), request)

describe('what the TCP wrappers decide', () => {
  it('takes the first rule of hosts.allow, then of hosts.deny, else grants', () => {
    expect(of('', '')).toEqual({ kind: 'granted', by: null })
    expect(of('#\nsshd: 10.\n', 'ALL: ALL\n')).toEqual({
      kind: 'granted',
      by: { file: 'allow', at: 1, line: 2 },
    })
    expect(of('sshd: 11.\n', '# \\\n\nALL: ALL\n')).toEqual({
      kind: 'refused',
      by: { file: 'deny', at: 1, line: 3 },
      because: 'rule',
    })
  })

  it('lets options say otherwise, and refuses on an error in them', () => {
    expect(of('ALL: ALL: deny\n', '')).toMatchObject({ kind: 'refused', because: 'option' })
    expect(of('', 'ALL: ALL: allow\n')).toMatchObject({ kind: 'granted', by: { file: 'deny' } })
    expect(of('ALL: ALL:\n', '')).toMatchObject({ kind: 'refused', because: 'badOption' })
    expect(of('ALL: ALL: severity authpriv.info\n', '')).toMatchObject({ because: 'badOption' })
    expect(of('ALL: ALL: allow: spawn x\n', '')).toMatchObject({ because: 'badOption' })
    expect(of('ALL: ALL: twist /bin/echo\n', '')).toMatchObject({ kind: 'delegated' })
  })

  it('refuses what comes to a line of hosts.deny that lacks its newline', () => {
    expect(of('', 'nobody: ALL')).toMatchObject({ kind: 'refused', because: 'unread' })
    expect(of('sshd: ALL', '')).toEqual({ kind: 'granted', by: null })
    expect(of('sshd: ALL', 'ALL: ALL\n')).toMatchObject({ kind: 'refused', because: 'rule' })
  })

  it.each([
    ['10.', true],
    ['10.0.0.0/8', true],
    ['10.0.0.1/8', false],
    ['10.0.0.1/32', true],
    ['10.0.0.1/255.255.255.255', false],
    ['10.*', true],
    ['UNKNOWN', true],
    ['LOCAL', false],
    ['KNOWN', false],
    ['ALL EXCEPT 10.', false],
    ['ALL EXCEPT 10. EXCEPT 10.0.0.1', true],
    ['[::ffff:10.0.0.1]', false],
  ])('fits %j: %j', (clients, fits) => {
    expect(of(`sshd: ${clients}\n`, 'ALL: ALL\n').kind).toBe(fits ? 'granted' : 'refused')
  })

  it('says what it cannot judge', () => {
    const needs = (clients: string, request: Request = from('10.0.0.1', null)) => {
      const decision = of(`sshd: ${clients}\n`, '', request)
      return decision.kind === 'unjudged' ? decision.needs : decision.kind
    }
    expect(needs('.example.org')).toEqual(['hostName'])
    expect(needs('10.')).toBe('granted')
    expect(needs('ALL EXCEPT .example.org')).toEqual(['hostName'])
    expect(needs('@net')).toEqual(['netgroup'])
    expect(needs('/etc/list')).toEqual(['file'])
    expect(needs('root@10.')).toEqual(['user'])
    expect(needs('root@11.')).toBe('granted')
    expect(needs('ALL: user nobody')).toEqual(['account'])
    expect(needs('ALL: aclexec /bin/true')).toEqual(['program'])
    expect(of('22: ALL\n', '')).toMatchObject({ needs: ['port'] })
    expect(of('22: ALL\n', 'ALL: ALL\n', from('10.0.0.1', null, { port: 22 }))).toMatchObject({
      kind: 'granted',
    })
    expect(of('sshd@10.0.0.9: ALL\n', '')).toMatchObject({ needs: ['server'] })
  })

  it('knows a name from none, and a name from an address', () => {
    const known = from('192.0.2.7', 'WWW.example.org')
    expect(of('ALL: .EXAMPLE.org\n', 'ALL: ALL\n', known)).toMatchObject({ by: { file: 'allow' } })
    expect(of('ALL: KNOWN\n', 'ALL: ALL\n', known)).toMatchObject({ by: { file: 'allow' } })
    expect(of('ALL: PARANOID\n', 'ALL: ALL\n', from('192.0.2.7', 'paranoid'))).toMatchObject({
      by: { file: 'allow' },
    })
  })

  it('does not take time over wildcards', () => {
    expect(of(`ALL: ${'*a'.repeat(900)}\n`, '', from('1.2.3.4', 'a'.repeat(250))).kind).toBe('granted')
  })

  it('decides something of every file', () => {
    fc.assert(
      fc.property(accessText, accessText, (allow, deny) => {
        expect(['granted', 'refused', 'delegated', 'unjudged']).toContain(of(allow, deny).kind)
      }),
    )
  })
})
