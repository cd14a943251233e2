import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ConnectedHost } from '../../../main/host/connected-host'
import type { HostPart } from '../../../shared/model/change'
import type { Host } from '../../lab/host'
import { openLab, type Lab } from '../../lab/lab'
import { connectTo } from '../host/connected'
import { changeOf } from './several-lane'
import { contentOf, imagesOf, script, title, workbench, writeOver } from './workbench'

/** Changes that need no root: the journal is in the user's own state directory, and so is what takes them back. */
const logind = (word: 'yes' | 'no') => ({
  '/etc/systemd/logind.conf.d/lab.conf': `[Login]\nKillUserProcesses=${word}\n`,
})
let lab: Lab
let keeps: Host
let kills: Host
beforeAll(async () => {
  lab = await openLab()
  ;[keeps, kills] = await Promise.all([
    lab.host({ name: 'keeps', files: logind('no') }),
    lab.host({
      name: 'kills',
      files: logind('yes'),
      sshd: { SetEnv: 'XDG_STATE_HOME=/home/plain/my/state' },
    }),
  ])
})
afterAll(() => lab.close())

let hosts: ConnectedHost[] = []
const sign = async (real: Host, account: 'plain' | 'admin' = 'plain'): Promise<ConnectedHost> => {
  const host = await connectTo(real, account)
  hosts.push(host)
  return host
}
const each = [() => keeps, () => kills]
beforeEach(async () => {
  for (const real of each) {
    await real().must(
      `cd /home/plain; rm -rf t; mkdir t; cd t; printf before >file; chmod 604 file; echo gone >gone; ln -s file link; chown -Rh plain: .`,
    )
  }
})
afterEach(async () => {
  for (const host of hosts) host.disconnect()
  hosts = []
  for (const real of each) {
    await expect
      .poll(
        () => real().must(`find /home/plain -name '.wharfmaster-*'; find / -xdev -path '*/wharfmaster/lock'`),
        {
          timeout: 8000,
        },
      )
      .toBe('')
    expect(await real().must('ls -d /var/lib/wharfmaster/changes/* 2>/dev/null || true')).toBe('')
  }
})

const file = '/home/plain/t/file'
const snapshot = (real: Host) =>
  real.must(
    `cd /home/plain/t && find . -mindepth 1 -printf '%i %y %u:%g %m %l %P\\n' | sort; find . -type f -exec sha256sum {} +`,
  )

async function partOn(real: Host): Promise<HostPart> {
  const root = await sign(real, 'admin')
  const images = await imagesOf(root, [file, '/home/plain/t/gone'])
  const { uid, gid } = images[file]
  return {
    host: 'h',
    need: 'none',
    steps: [
      writeOver(file, images[file], 'after'),
      {
        kind: 'create',
        path: '/home/plain/t/new',
        after: contentOf('new', { uid, gid, mode: 0o640 }),
        secret: false,
      },
      { kind: 'delete', path: '/home/plain/t/gone', before: images['/home/plain/t/gone'], secret: false },
      {
        kind: 'runtime',
        title,
        capture: script(':'),
        set: script('id -u >/home/plain/t/who'),
        restore: script('rm -f /home/plain/t/who'),
      },
    ],
    disturbs: [],
    proof: { capability: 'test', expect: 'applied' },
  }
}

/** Begun, proved for ever, and left by its app. */
async function abandoned(real: Host, deadlineSeconds: number) {
  const parts = [await partOn(real)]
  const before = await snapshot(real)
  const host = await sign(real)
  const bench = workbench([host], { deadlineSeconds })
  const planned = await bench.plan({ parts, prove: () => new Promise(() => undefined) })
  if (!planned.ok) throw new Error(planned.problem.code)
  const { id, digest, assurance } = planned.value
  void bench.engine.apply(id, digest)
  await expect.poll(() => real.must(`cat ${file}`), { timeout: 10_000 }).toBe('after')
  await expect.poll(() => real.sh('test -s /home/plain/t/who').then(({ code }) => code)).toBe(0)
  host.disconnect()
  await real.must('pkill -KILL -u plain sshd || true')
  await expect.poll(() => real.must('pgrep -cu plain sshd || true')).toBe('0\n')
  return { id, parts, before, assurance: assurance['h'] }
}

describe('a change without root', () => {
  it('is made, and journaled in the user’s state directory, for nobody else to read', async () => {
    const parts = [await partOn(keeps)]
    expect(await workbench([await sign(keeps)]).make({ parts })).toMatchObject({ kind: 'proved' })
    expect(
      await keeps.must(
        'cd /home/plain/t; cat file new; stat -c "%U:%G %a" file new; cat who; id -u plain; ls',
      ),
    ).toMatch(/^afternewplain:users 604\nplain:users 640\n(\d+)\n\1\nfile\nlink\nnew\nwho\n$/)
    expect(await keeps.must('stat -c "%U %a" /home/plain/.local/state/wharfmaster')).toBe('plain 700\n')
    expect(await keeps.must('find /home/plain/.local/state/wharfmaster ! -user plain')).toBe('')
  })

  it('goes where the XDG base directories say', async () => {
    const parts = [await partOn(kills)]
    expect(await workbench([await sign(kills)]).make({ parts })).toMatchObject({ kind: 'proved' })
    expect(await kills.must('ls /home/plain/my/state/wharfmaster/changes | wc -l')).toBe('1\n')
    expect(await kills.must('ls -A /home/plain/.local/state 2>/dev/null || true')).toBe('')
  })

  it('is all taken back when the proof fails, to the very inodes', async () => {
    const parts = [await partOn(keeps)]
    const before = await snapshot(keeps)
    const failed = { ok: true, value: { holds: false, evidence: [], missing: ['it'] } } as const
    expect(
      await workbench([await sign(keeps)]).make({ parts, prove: () => Promise.resolve(failed) }),
    ).toMatchObject({ kind: 'rolledBack', problem: { code: 'change.notProved' } })
    expect(await snapshot(keeps)).toBe(before)
  })

  it('touches nothing where the login may not write', async () => {
    await keeps.must('chown -R root: /home/plain/t')
    const parts = [await partOn(keeps)]
    const before = await snapshot(keeps)
    expect(await workbench([await sign(keeps)]).make({ parts })).toMatch(/^change\.cannotWrite/)
    expect(await snapshot(keeps)).toBe(before)
  })
})

describe('when its app is killed', () => {
  it('it is taken back at the deadline where the login’s processes live on', async () => {
    const { before, assurance } = await abandoned(keeps, 4)
    expect(assurance).toBe('logout')
    await expect.poll(() => snapshot(keeps), { timeout: 15_000 }).toBe(before)
  })

  it('it is taken back at the deadline where they are killed but the user lingers', async () => {
    await kills.must('loginctl enable-linger plain')
    try {
      const { before, assurance } = await abandoned(kills, 5)
      expect(assurance).toBe('logout')
      await expect.poll(() => snapshot(kills), { timeout: 15_000 }).toBe(before)
    } finally {
      await kills.must('loginctl disable-linger plain')
    }
  })

  it('it is taken back by the next contact where nothing outlives the login, as the preview said', async () => {
    const { id, parts, before, assurance } = await abandoned(kills, 3)
    expect(assurance).toBe('login')
    await kills.must('sleep 5')
    expect(await kills.must(`cat ${file}`)).toBe('after')
    const { engine } = workbench([await sign(kills)])
    expect(await engine.settle(id, changeOf(parts), null, false)).toMatchObject({ kind: 'rolledBack' })
    expect(await snapshot(kills)).toBe(before)
  })

  it('it is taken back first by whoever changes something next', async () => {
    const { before } = await abandoned(kills, 3)
    expect(before).toContain('file')
    const root = await sign(kills, 'admin')
    await kills.must('echo x >/home/plain/other; chown plain: /home/plain/other')
    const image = (await imagesOf(root, ['/home/plain/other']))['/home/plain/other']
    const step = writeOver('/home/plain/other', image, 'y\n')
    expect(await workbench([await sign(kills)]).make({ steps: [step], need: 'none' })).toMatchObject({
      kind: 'proved',
    })
    expect(await snapshot(kills)).toBe(before)
    await kills.must('rm /home/plain/other')
  })
})
