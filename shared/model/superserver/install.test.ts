import { describe, expect, it } from 'vitest'
import type { PackageOffer } from '../../probe/package-offer'
import { boot, surroundings, xinetdState, noFailover } from './fixtures.test-support'
import { superserverIntentSchema } from './intent'
import { plan } from './plan'
import type { SuperserverState } from './state'

const sshd = {
  protocol: 'tcp',
  address: '*',
  device: null,
  port: 22,
  holders: [{ program: 'sshd', pid: 1, fd: 3 }],
} as const
const bare: SuperserverState = {
  host: 'h',
  xinetd: null,
  inetd: null,
  units: [],
  systemd: null,
  sockets: [sshd],
  boot,
  failover: noFailover,
  surroundings,
}
const offer = (more: Partial<PackageOffer> = {}): PackageOffer => ({
  manager: 'apt-get',
  candidate: '1:2.3.15.3-1',
  removes: [],
  ...more,
})
const intent = superserverIntentSchema.parse({ capability: 'superserver', kind: 'install' })
const made = (state: SuperserverState) => plan(state, intent)
const commandWith = (manager: PackageOffer['manager']) => {
  const change = made({ ...bare, offer: offer({ manager }) })
  const step = change.ok ? change.value.parts[0]?.steps[0] : undefined
  return step?.kind === 'oneWay' && step.command.kind === 'script' ? step.command.args.join(' ') : ''
}

describe('xinetd on a host that has none', () => {
  it('is one step that cannot be taken back, and leaves the ports of others alone', () => {
    expect(made({ ...bare, offer: offer() })).toMatchObject({
      ok: true,
      value: {
        parts: [
          {
            steps: [{ kind: 'oneWay', title: { params: { version: '1:2.3.15.3-1' } } }],
            proof: { expect: { installed: { keeps: [{ protocol: 'tcp', port: 22 }] } } },
          },
        ],
      },
    })
  })

  it('asks nothing of anybody, and takes nothing away', () => {
    expect(commandWith('apt-get')).toMatch(
      /^env DEBIAN_FRONTEND=noninteractive .*--no-remove .*--force-confold .* install xinetd$/,
    )
    for (const manager of ['dnf', 'yum'] as const)
      expect(commandWith(manager)).toMatch(/ -y .*install xinetd$/)
    expect(commandWith('zypper')).toMatch(/--non-interactive install/)
    expect(commandWith('pkg')).toBe('pkg install -y xinetd')
    expect(commandWith('apk')).toBe('apk add xinetd')
    expect(commandWith('pacman')).toContain('--noconfirm')
  })

  it('is not offered where it cannot be, or is there', () => {
    expect(made({ ...bare, offer: null })).toMatchObject({
      problem: { code: 'superserver.noPackageManager' },
    })
    expect(made({ ...bare, offer: offer({ manager: 'dnf', candidate: null }) })).toMatchObject({
      problem: { code: 'superserver.noPackage', params: { manager: 'dnf' } },
    })
    expect(made({ ...bare, offer: offer({ removes: ['openbsd-inetd', 'x'] }) })).toMatchObject({
      problem: { code: 'superserver.packageRemoves', params: { packages: 'openbsd-inetd x' } },
    })
    expect(made({ ...bare, xinetd: xinetdState(''), offer: offer() })).toMatchObject({
      problem: { code: 'superserver.installed' },
    })
    const left = xinetdState('', {}, { build: null, daemon: null })
    expect(made({ ...bare, xinetd: left, offer: offer() })).toMatchObject({
      ok: true,
      value: { parts: [{ disturbs: [{}, { what: { key: 'superserver.disturb.keptFiles' } }] }] },
    })
  })
})
