import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { methods, type Answer, type ChangeOutcome } from '../../../shared/contract'
import type { Host } from '../../lab/host'
import { openLab, type Lab } from '../../lab/lab'
import { signIn, type Client } from '../host/client'

/** xinetd comes onto a host by its own apt, from a repository on its own disk that holds Debian's package. */
let lab: Lab
let host: Host
let client: Client
beforeAll(async () => {
  lab = await openLab()
  host = await lab.host({ name: 'bare' })
  client = await signIn(host, 'admin')
})
afterAll(async () => {
  await client.end()
  await lab.close()
})
/** As a host on which nobody ever had xinetd; tests that need it otherwise say so. */
beforeEach(async () => {
  await host.must(
    `export DEBIAN_FRONTEND=noninteractive
     dpkg --purge xinetd other-inetd >/dev/null 2>&1; rm -rf /etc/xinetd.conf /etc/xinetd.d /etc/apt/apt.conf.d/99slow /srv/repo /var/tmp/wharfmaster-install.*
     cp -R /opt/packages /srv/repo
     rm -rf /etc/apt/sources.list.d/*; echo 'deb [trusted=yes] file:/srv/repo ./' >/etc/apt/sources.list
     apt-get -qq update`,
  )
})

const value = <T>(answer: Answer<T>): T => {
  if (!answer.ok) throw new Error(JSON.stringify(answer.problem))
  return answer.value
}
const plan = (intent: object) =>
  Promise.resolve(
    client.ask['change.plan'](
      methods['change.plan'].params.parse({
        host: client.host,
        intent: { capability: 'superserver', ...intent },
      }),
    ),
  )
async function change(intent: object): Promise<ChangeOutcome> {
  const { id, digest } = value(await plan(intent))
  return value(await client.ask['change.apply']({ id, digest }))
}
const status = () => host.sh('dpkg-query -W -f "\\${Status}" xinetd').then(({ stdout }) => stdout)
const leavings = () => host.must('ls -d /var/tmp/wharfmaster-install.* 2>/dev/null; true')

describe('xinetd, where there is none', () => {
  it('is installed by the package manager, and takes services', async () => {
    const planned = value(await plan({ kind: 'install' }))
    const [part] = planned.preview.parts
    expect(part).toMatchObject({ reversible: false, files: [] })
    expect(part?.commands).toMatchObject([
      {
        reversible: false,
        title: { key: 'superserver.step.install', params: { version: expect.stringMatching(/^1:2\.3\.15/) } },
      },
    ])
    expect(part?.commands[0]?.text).toContain(
      'DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get -y -q --no-install-recommends --no-remove',
    )
    expect(await status(), 'nothing is done before it is applied').not.toContain('ok installed')

    const outcome = value(await client.ask['change.apply']({ id: planned.id, digest: planned.digest }))
    expect(outcome).toMatchObject({ kind: 'proved' })
    const pid = (await host.must('cat /run/xinetd.pid')).trim()
    const evidence = outcome.kind === 'proved' ? outcome.evidence.join('\n') : ''
    expect(evidence).toMatch(/xinetd 2\.3\.15\.\d is installed/)
    expect(evidence).toMatch(new RegExp(`xinetd: pid ${pid}, started at tick \\d+`))
    expect(evidence).toContain('tcp port 22: free of xinetd')
    expect(await status()).toBe('install ok installed')
    expect(await leavings()).toBe('')

    const path = '/etc/xinetd.d/berth'
    const set = {
      type: ['UNLISTED'],
      socket_type: ['stream'],
      protocol: ['tcp'],
      port: ['9501'],
      wait: ['no'],
      user: ['nobody'],
      server: ['/bin/echo'],
      server_args: ['berth'],
    }
    expect(await change({ kind: 'createService', path, name: 'berth', set })).toMatchObject({
      kind: 'proved',
    })
    expect(await host.must('nc -w 3 127.0.0.1 9501 </dev/null')).toBe('berth\n')
    expect(await plan({ kind: 'install' })).toMatchObject({
      ok: false,
      problem: { code: 'superserver.installed' },
    })
  })

  it('keeps the configuration that a removed package left', async () => {
    await host.must('mkdir -p /etc/xinetd.d; echo "# ours" >/etc/xinetd.conf')
    expect(await change({ kind: 'install' })).toMatchObject({ kind: 'proved' })
    expect(await host.must('cat /etc/xinetd.conf')).toBe('# ours\n')
  })

  it('is refused where the lists know no such package, or another would go for it', async () => {
    await host.must(
      `mkdir -p /srv/other/DEBIAN; printf 'Package: other-inetd\\nVersion: 1\\nArchitecture: all\\nMaintainer: x\\nDescription: x\\nProvides: inet-superserver\\nConflicts: inet-superserver\\n' >/srv/other/DEBIAN/control
       dpkg-deb -b /srv/other /srv/other.deb >/dev/null; dpkg -i /srv/other.deb >/dev/null`,
    )
    expect(await plan({ kind: 'install' })).toMatchObject({
      ok: false,
      problem: { code: 'superserver.packageRemoves', params: { packages: 'other-inetd' } },
    })
    await host.must('rm -rf /srv/repo/*; : >/srv/repo/Packages; apt-get -qq update')
    expect(await plan({ kind: 'install' })).toMatchObject({
      ok: false,
      problem: { code: 'superserver.noPackage', params: { manager: 'apt-get' } },
    })
  })
})

describe('a package manager that cannot', () => {
  it('says so, and nothing is called taken back', async () => {
    await host.must('for deb in /srv/repo/*.deb; do echo broken >"$deb"; done')
    const outcome = await change({ kind: 'install' })
    expect(outcome).toMatchObject({ kind: 'unknown', problem: { code: 'change.stepFailed', host: 'bare' } })
    expect(JSON.stringify(outcome)).toMatch(/unexpected size|Hash Sum mismatch|unable to fetch/i)
    expect(await status()).not.toContain('ok installed')
    expect(await leavings()).toBe('')
  })

  it('waits a while for one that is at it, and then says who holds the lock', async () => {
    const holding = host.sh(
      `perl -e 'use Fcntl; open F, ">>", "/var/lib/dpkg/lock-frontend" or die; $l = pack("s s x4 l! l! i x4", F_WRLCK, 0, 0, 0, 0); fcntl(F, F_SETLK, $l) or die; open G, ">", "/run/held"; close G; sleep 1 while -e "/run/held"' & wait`,
    )
    await expect
      .poll(() => host.sh('test -e /run/held').then(({ code }) => code), { timeout: 10_000 })
      .toBe(0)
    const outcome = await change({ kind: 'install' })
    await host.must('rm -f /run/held')
    await holding
    expect(outcome).toMatchObject({ kind: 'unknown', problem: { code: 'change.stepFailed' } })
    expect(JSON.stringify(outcome)).toMatch(/Could not get lock/)
  }, 60_000)
})

describe('a connection that is cut in the middle', () => {
  it('leaves the package manager to its end, and the outcome is told at the next contact', async () => {
    await host.must(`echo 'DPkg::Pre-Invoke {"touch /run/at-it; sleep 5";};' >/etc/apt/apt.conf.d/99slow`)
    const { id, digest } = value(await plan({ kind: 'install' }))
    const applying = client.ask['change.apply']({ id, digest })
    await expect
      .poll(() => host.sh('test -e /run/at-it').then(({ code }) => code), { timeout: 20_000 })
      .toBe(0)
    await host.must('rm -f /run/at-it; pkill -f "^sshd: admin"; true')
    const outcome = value(await applying)
    // Whether it was done was not heard; nothing takes it back.
    expect(outcome.kind).toBe('unknown')
    await expect.poll(status, { timeout: 30_000 }).toBe('install ok installed')
    expect(await host.must('dpkg --audit')).toBe('')
    await expect
      .poll(async () => (await client.ask['host.connect']({ host: client.host })).ok, { timeout: 20_000 })
      .toBe(true)
    const { outcome: told } = value(await Promise.resolve(client.ask['history.get']({ id })))
    expect(told?.kind).toBe('unknown')
    expect(await plan({ kind: 'install' })).toMatchObject({
      ok: false,
      problem: { code: 'superserver.installed' },
    })
  }, 90_000)
})
