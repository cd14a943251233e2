import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ConnectedHost } from '../../../main/host/connected-host'
import { decode, encode } from '../../../shared/codec'
import { digestOfText, exportScript, type Change, type Step } from '../../../shared/model/change'
import type { Host } from '../../lab/host'
import { openLab, type Lab } from '../../lab/lab'
import { connectTo } from '../host/connected'
import {
  contentOf,
  imageOf,
  imagesOf,
  leavings,
  script,
  title,
  workbench,
  writeOver,
  writeStep,
  type Workbench,
} from './workbench'

/** What keeps a change from harm before it is made, and what it leaves behind. */
let lab: Lab
let real: Host
let host: ConnectedHost
let bench: Workbench
beforeAll(async () => {
  lab = await openLab()
  real = await lab.host({ name: 'guarded', units: ['xinetd.service'], volumes: { '/srv/small': 4 } })
  host = await connectTo(real, 'admin')
  bench = workbench([host])
})
afterAll(async () => {
  host.disconnect()
  await lab.close()
})
beforeEach(() => real.must('rm -rf /srv/t; mkdir -p /srv/t'))
afterEach(async () => {
  await expect.poll(() => real.must(leavings), { timeout: 5000 }).toBe('')
})

const text = async (path: string) => decode(await real.readFile(path))
const changeOf = (...steps: readonly Step[]): Change => ({
  title: { key: 't', params: { what: "it's" } },
  reason: 'because\nso',
  intent: null,
  parts: [{ host: 'h', steps, disturbs: [], proof: { capability: 'test', expect: null } }],
})

describe('the host’s own checker', () => {
  const unit = '[Service]\nExecStart=/bin/true\n'
  it.each([
    ['/etc/ssh/sshd_config', 'Port 22\n', 'PermitRootLogin perhaps\n'],
    ['/etc/sudoers.d/check', 'Defaults !lecture\n', 'everybody may do everything\n'],
    ['/etc/systemd/system/lab-check.service', unit, '[Service]\nType=oneshoot\nExecStart=relative/path\n'],
    [
      '/etc/fstab',
      'tmpfs /srv/t tmpfs defaults 0 0\n',
      'tmpfs relative tmpfs defaults 0 0\n/nowhere/x /srv/none ext4\n',
    ],
    [
      '/etc/keepalived/keepalived.conf',
      'vrrp_instance V {\n state BACKUP\n interface eth0\n virtual_router_id 7\n priority 9\n virtual_ipaddress {\n 198.18.0.9\n }\n}\n',
      'vrrp_instance V {\n virtual_router_id 7777\n',
    ],
  ])('looks at %s before anything reads it', async (path, good, bad) => {
    await real.must(`mkdir -p "$(dirname ${path})"; [ -e ${path} ] || : >${path}; cp -p ${path} /srv/t/kept`)
    const before = await text(path)
    expect(await bench.make({ steps: [await writeStep(host, path, bad)] })).toMatch(
      /^change.rehearsalFailed [^]*\w/,
    )
    expect(await text(path)).toBe(before)
    expect(await bench.make({ steps: [await writeStep(host, path, good)] })).toMatchObject({ kind: 'proved' })
    expect(await text(path)).toBe(good)
    await real.must(`cp -p /srv/t/kept ${path}; [ -s ${path} ] || rm ${path}`)
  })
})

describe('what cannot be written', () => {
  it.each([
    [
      'an immutable file',
      'chattr +i /srv/small/fixed',
      'chattr -i /srv/small/fixed',
      /change\.cannotWrite.*immutable/s,
    ],
    [
      'a file that may only grow',
      'chattr +a /srv/small/fixed',
      'chattr -a /srv/small/fixed',
      /change\.cannotWrite.*immutable/s,
    ],
  ])('%s is refused, and said why', async (_, make, mend, refusal) => {
    await real.must(`echo old >/srv/small/fixed; ${make}`)
    try {
      expect(await bench.make({ steps: [await writeStep(host, '/srv/small/fixed', 'new\n')] })).toMatch(
        refusal,
      )
    } finally {
      await real.must(mend)
    }
    expect(await text('/srv/small/fixed')).toBe('old\n')
  })

  it('a file system that is read-only or full is refused before the first write', async () => {
    await real.must('echo old >/srv/small/f')
    const step = await writeStep(host, '/srv/small/f', 'x'.repeat(20_000))
    await real.must('mount -o remount,ro /srv/small')
    expect(await bench.make({ steps: [step] })).toMatch(/change\.cannotWrite.*Read-only/s)
    await real.must(
      'mount -o remount,rw /srv/small; dd if=/dev/zero of=/srv/small/fill bs=4k 2>/dev/null; true',
    )
    expect(await bench.make({ steps: [step] })).toMatch(/change\.cannotWrite.*No space/s)
    await real.must('rm /srv/small/fill')
    expect(await text('/srv/small/f')).toBe('old\n')
  })

  it('a journal that has no place is told before anything is done', async () => {
    await real.must('echo old >/srv/t/f; rm -rf /var/lib/wharfmaster; echo >/var/lib/wharfmaster')
    expect(await bench.make({ steps: [await writeStep(host, '/srv/t/f', 'new\n')] })).toMatch(
      /change\.noJournal/,
    )
    await real.must('rm /var/lib/wharfmaster')
    expect(await text('/srv/t/f')).toBe('old\n')
  })
})

describe('a secret', () => {
  it('is in no preview, no script, no error and, once it is settled, in no journal', async () => {
    await real.must('echo hunter2-old >/srv/t/secret')
    const step = await writeStep(host, '/srv/t/secret', 'hunter2-new\n', true)
    const planned = await bench.plan({ steps: [step] })
    if (!planned.ok) throw new Error(planned.problem.code)
    const { id, digest, preview } = planned.value
    expect(JSON.stringify(preview)).not.toContain('hunter2')
    const exported = bench.engine.exported(id, digest)
    expect(exported).toMatchObject({ ok: true, value: { text: expect.stringContaining('/srv/t/secret') } })
    expect(JSON.stringify(exported)).not.toContain('hunter2')
    expect(await bench.engine.apply(id, digest)).toMatchObject({ ok: true, value: { kind: 'proved' } })
    expect(await text('/srv/t/secret')).toBe('hunter2-new\n')
    expect(
      await real.must('grep -rl hunter2 /var/lib/wharfmaster /var/log /run/systemd 2>/dev/null || true'),
    ).toBe('')
    expect(JSON.stringify([...bench.progress])).not.toContain('hunter2')
  })
})

describe('a daemon that does not survive its reload', () => {
  it('is proved by its process, and runs again as before, though systemctl saw nothing wrong', async () => {
    await real.must(`cat >/etc/xinetd.d/greeting <<'E'
service greeting
{
	type = UNLISTED
	socket_type = stream
	protocol = tcp
	port = 9301
	wait = no
	user = nobody
	server = /bin/echo
	server_args = hello
}
E
systemctl restart xinetd; sleep 0.2`)
    const conf = '/etc/xinetd.conf'
    const before = await imageOf(host, conf)
    // xinetd 2.3.15: a second log_type in `defaults` ends the daemon at its reload.
    const bad =
      'defaults\n{\n log_type = SYSLOG daemon info\n log_type = FILE /var/log/x\n}\nincludedir /etc/xinetd.d\n'
    const pid = (await real.must('cat /run/xinetd.pid')).trim()
    const answer = () => real.sh(`timeout 2 bash -c 'exec 3<>/dev/tcp/127.0.0.1/9301 && cat <&3'`)
    const reload: Step = {
      kind: 'daemon',
      title,
      daemon: 'xinetd',
      action: 'reload',
      before: null,
      command: script('systemctl reload xinetd'),
      restore: script('systemctl restart xinetd'),
    }
    const lives = async (moment: 'applied' | 'restored') => {
      const alive = (await real.sh(`kill -0 ${pid}`)).code === 0 || moment === 'restored'
      const holds = alive && (await answer()).stdout === 'hello\n'
      return { ok: true, value: { holds, evidence: ['answers'], missing: ['xinetd is gone'] } } as const
    }
    const outcome = await bench.make({
      steps: [writeOver(conf, before, bad), reload],
      prove: (_, moment) => lives(moment),
      restored: new Map([['h', 'before']]),
    })
    expect(outcome).toMatchObject({
      kind: 'rolledBack',
      problem: { code: 'change.notProved', detail: 'xinetd is gone' },
      evidence: ['answers'],
    })
    expect((await imageOf(host, conf)).digest).toBe(before.digest)
    expect((await answer()).stdout).toBe('hello\n')
  })
})

describe('a change that takes away its own way to root', () => {
  it('cannot be confirmed, so the host takes it back by itself', async () => {
    const rule = '/etc/sudoers.d/lab'
    const before = await text(rule)
    const own = await connectTo(real, 'admin')
    const mine = workbench([own], { deadlineSeconds: 5 })
    const step = await writeStep(own, rule, 'Defaults !lecture\n')
    const outcome = await mine.make({ steps: [step] })
    expect(outcome).toMatchObject({ kind: 'unknown', problem: { code: 'change.unsettled' } })
    expect(outcome).toHaveProperty('seconds', expect.any(Number))
    await expect.poll(() => text(rule), { timeout: 10_000 }).toBe(before)
    own.disconnect()
  })
})

describe('the user’s own word', () => {
  const steps = async () => (
    await real.must('echo old >/srv/t/f'),
    [await writeStep(host, '/srv/t/f', 'new\n')]
  )
  const begin = async () => {
    const mine = workbench([host], { deadlineSeconds: 14 })
    const planned = await mine.plan({ steps: await steps() })
    if (!planned.ok) throw new Error(planned.problem.code)
    const { id, digest } = planned.value
    const applied = mine.engine.apply(id, digest, 'user')
    await expect
      .poll(() => mine.progress.some(({ kind }) => kind === 'awaiting'), { timeout: 8000 })
      .toBe(true)
    expect(await text('/srv/t/f')).toBe('new\n')
    return { mine, id, applied }
  }
  it('keeps the change', async () => {
    const { mine, id, applied } = await begin()
    expect(mine.engine.confirm(id)).toBe(true)
    expect(await applied).toMatchObject({ ok: true, value: { kind: 'proved' } })
    expect(await text('/srv/t/f')).toBe('new\n')
    expect(mine.engine.confirm(id)).toBe(false)
  })
  it('takes it back, said or not said in time', async () => {
    const { mine, id, applied } = await begin()
    mine.engine.cancel(id)
    expect(await applied).toMatchObject({
      ok: true,
      value: { kind: 'rolledBack', problem: { code: 'app.cancelled' } },
    })
    expect(await text('/srv/t/f')).toBe('old\n')
    const late = await begin()
    expect(await late.applied).toMatchObject({
      ok: true,
      value: { kind: 'rolledBack', problem: { code: 'change.notConfirmed' } },
    })
    expect(await text('/srv/t/f')).toBe('old\n')
  })
})

describe('what stays on the host', () => {
  it('is a journal for root alone, bounded, and a line in the log for each change and its outcome', async () => {
    await real.must(
      `mkdir -p /var/lib/wharfmaster/changes; cd /var/lib/wharfmaster/changes; for i in $(seq 1 60); do mkdir old-$i; touch old-$i/outcome old-$i/confirmed; done`,
    )
    await real.must('echo old >/srv/t/f')
    const planned = await bench.plan({ steps: [await writeStep(host, '/srv/t/f', 'new\n')] })
    if (!planned.ok) throw new Error(planned.problem.code)
    const { id, digest } = planned.value
    await bench.engine.apply(id, digest)
    await expect
      .poll(() => real.must('ls /var/lib/wharfmaster/changes | wc -l'), { timeout: 5000 })
      .toBe('40\n')
    expect(
      await real.must(`stat -c '%U %a' /var/lib/wharfmaster; ls /var/lib/wharfmaster/changes/${id}`),
    ).toMatch(/^root 700\n[^]*before\n[^]*change.sh\n[^]*outcome/)
    expect(await real.must('journalctl -q -t wharfmaster -o cat')).toMatch(
      new RegExp(
        `change ${id} \\(test\\) by tester@here: begins\nchange ${id} \\(test\\) by tester@here: confirmed`,
      ),
    )
  })
})

describe('a change as a script for a ticket', () => {
  const every = decode(Uint8Array.from({ length: 256 }, (_, at) => at))
  const names = ["it's", 'new\nline', '-rf', '$(touch pwned)', '密码']
  const prepare = async () => {
    const input = names.map((name) => `printf 'old' >/srv/t/'${name.replaceAll("'", `'\\''`)}'`).join('\n')
    await real.must('/bin/sh', {
      input: encode(`${input}\ncd /srv/t; echo gone >gone; echo moved >moved; echo before >setting`),
    })
    const paths = names.map((name) => `/srv/t/${name}`)
    const image = await imagesOf(host, [...paths, '/srv/t/gone', '/srv/t/moved'])
    const texts = ['plain\n', every, '', 'END\nEND_\n', 'no newline, 密码']
    const steps: Step[] = paths.flatMap((path, at) => {
      const before = image[path]
      return before === undefined ? [] : [writeOver(path, before, texts[at] ?? '')]
    })
    steps.push(
      {
        kind: 'create',
        path: '/srv/t/made',
        after: contentOf(every, { mode: 0o640, uid: 3, gid: 4 }),
        secret: false,
      },
      { kind: 'delete', path: '/srv/t/gone', before: await imageOf(host, '/srv/t/gone'), secret: false },
      {
        kind: 'move',
        from: '/srv/t/moved',
        to: '/srv/t/away',
        before: await imageOf(host, '/srv/t/moved'),
        secret: false,
      },
      {
        kind: 'runtime',
        title,
        capture: script('cat /srv/t/setting'),
        set: script('echo "$1" >/srv/t/setting', "it's set"),
        restore: script('cat >/srv/t/setting'),
      },
    )
    return { steps, texts }
  }
  const look = () =>
    real.must(
      `cd /srv/t && find . -type f ! -name 's.sh' -print0 | sort -z | xargs -0 sha256sum -z | tr '\\0' '\\n'; stat -c '%u:%g %a' made 2>/dev/null || true`,
    )
  const run = async (shell: string, change: Change) => {
    await real.writeFile(
      '/srv/t/s.sh',
      exportScript(change, () => 'guarded'),
    )
    return real.sh(`${shell} /srv/t/s.sh`)
  }
  it.each(['dash', 'bash', 'busybox sh'])('does what the app does, under %s', async (shell) => {
    const { steps } = await prepare()
    expect(await run(shell, changeOf(...steps))).toMatchObject({ code: 0, stderr: '' })
    const byScript = await look()
    await real.must('rm -rf /srv/t; mkdir /srv/t')
    expect(await bench.make({ steps: (await prepare()).steps })).toMatchObject({ kind: 'proved' })
    expect(byScript).toBe(await look())
    expect(await real.must('find / -xdev -name pwned')).toBe('')
  })
  it('takes back what it did when a step fails, and does nothing on files that are others by now', async () => {
    const { steps } = await prepare()
    const before = await look()
    const failing: Step = { kind: 'oneWay', title, command: script('exit 3') }
    const failed = await run('dash', changeOf(...steps, failing))
    expect(failed.code).toBe(1)
    expect(failed.stderr).toMatch(/taken back/)
    expect(await look()).toBe(before)
    await real.must('echo other >/srv/t/gone')
    const other = await look()
    expect(await run('dash', changeOf(...steps))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('/srv/t/gone is not as it was'),
    })
    expect(await look()).toBe(other)
    expect(digestOfText('')).toHaveLength(64)
  })
})
