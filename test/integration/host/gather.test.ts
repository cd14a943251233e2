import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { facts } from '../../../main/capability/facts'
import { superserver } from '../../../main/capability/superserver'
import type { ConnectedHost } from '../../../main/host/connected-host'
import { partProblem } from '../../../main/host/part-problem'
import type { PartSource } from '../../../main/host/part-source'
import { decode } from '../../../shared/codec'
import type { PartName, PartSnapshot } from '../../../shared/contract'
import type { HostFacts } from '../../../shared/model/facts'
import type { SuperserverState } from '../../../shared/model/superserver'
import type { AccountName } from '../../lab/accounts'
import type { Host } from '../../lab/host'
import { openLab, type Lab } from '../../lab/lab'
import { connectTo } from './connected'

let lab: Lab
let real: Host
const open: ConnectedHost[] = []
beforeAll(async () => {
  lab = await openLab()
  real = await lab.host({
    name: 'pier',
    units: ['xinetd.service'],
    files: {
      '/etc/xinetd.d/one':
        '# Ansible managed\nservice one\n{\n\ttype = UNLISTED\n\tsocket_type = stream\n\tprotocol = tcp\n\tport = 9301\n\twait = no\n\tuser = nobody\n\tserver = /bin/date\n}\n',
      '/etc/xinetd.d/skipped.rpmnew': 'x',
      '/etc/extra.conf': {
        content: Buffer.from('# \xb5\xff\nincludedir /etc/more.d\nincludedir /etc/none.d\n', 'latin1'),
      },
      '/etc/more.d/two': 'service two\n{\n\tdisable = yes\n}\n',
    },
    run: `printf 'include /etc/extra.conf\\n' >>/etc/xinetd.conf; mkdir /etc/more.d/folder; ln -s two /etc/more.d/link; ln -s nowhere /etc/more.d/dangling; chmod 600 /etc/more.d/two; systemctl restart xinetd`,
  })
})
afterAll(() => lab.close())
afterEach(() => {
  for (const host of open.splice(0)) {
    host.parts.dispose()
    host.disconnect()
  }
})

interface Watched {
  readonly host: ConnectedHost
  readonly told: { readonly part: PartName; readonly snapshot: PartSnapshot }[]
  readonly commands: string[]
}
async function watch(account: AccountName, parts: readonly PartSource[]): Promise<Watched> {
  const told: Watched['told'] = []
  const commands: string[] = []
  const host = await connectTo(real, account, {
    parts,
    partChanged: (part, snapshot) => told.push({ part, snapshot }),
    onOpen: (command) => commands.push(command),
  })
  open.push(host)
  return { host, told, commands }
}
async function read<T>({ host }: Watched, part: PartName): Promise<T> {
  const opened = await host.parts.open(part)
  if (!opened.ok || opened.value.value === null) throw new Error(JSON.stringify(opened))
  return opened.value.value as T
}

describe('facts', () => {
  it.each(['root', 'csh', 'fish', 'noisy', 'doasfree'] as const)(
    'come in one exec, privilege with them (%s)',
    async (account) => {
      const it = await watch(account, [facts.part])
      const { system, addresses, tools, load } = await read<HostFacts>(it, 'facts')
      expect(system).toMatchObject({
        hostname: 'pier',
        id: 'debian',
        kernel: 'Linux',
        architecture: 'x86_64',
        init: 'systemd',
        virtualization: 'systemd-nspawn',
        packageManager: 'apt',
        timeZone: 'Etc/UTC',
        user: account,
      })
      expect(addresses).toContainEqual({
        device: 'eth0',
        family: 4,
        address: real.address,
        prefix: 24,
        scope: 'global',
      })
      expect(tools).toMatchObject({
        superservers: [{ name: 'xinetd', installed: true, running: true }],
        balancer: { ipvsadm: true, keepalived: { installed: true, running: false } },
        sudo: true,
      })
      expect(tools.vnc).toContain('Xtigervnc')
      expect(load.memory?.total).toBeGreaterThan(1e8)
      expect(load.disk?.available).toBeGreaterThan(0)
      await expect.poll(() => it.host.status().privilege.kind).not.toBe('unknown')
      expect(it.commands).toEqual(['exec /bin/sh -s'])
    },
  )
})

describe('the super-server', () => {
  it('is read as root with its own account of itself, and nothing stays of the asking', async () => {
    const it = await watch('admin', [superserver.part])
    const { xinetd, sockets } = await read<SuperserverState>(it, 'superserver')
    if (xinetd === null) throw new Error('no xinetd')
    const pid = Number(await real.must('cat /run/xinetd.pid'))
    expect(xinetd.daemon).toMatchObject({
      pid,
      pidfile: '/run/xinetd.pid',
      argv: ['/usr/sbin/xinetd', '-pidfile', '/run/xinetd.pid', '-stayalive', '-inetd_compat', '-inetd_ipv6'],
    })
    expect(xinetd.daemon?.startTime).toBe((await real.must(`cut -d' ' -f22 /proc/${pid}/stat`)).trim())
    expect(xinetd.build).toEqual({
      version: '2.3.15.3',
      options: ['libwrap', 'loadavg'],
    })
    expect(xinetd.dump?.services.map(({ id, state, port }) => [id, state, port])).toEqual([
      ['one', 'Active', 9301],
    ])
    expect(sockets).toContainEqual(
      expect.objectContaining({ protocol: 'tcp', port: 9301, holders: [expect.objectContaining({ pid })] }),
    )
    expect(xinetd.owner).toEqual({ tool: 'Ansible', path: '/etc/xinetd.d/one', line: 1 })
    expect(xinetd.files['/etc/extra.conf']).toMatchObject({
      kind: 'file',
      text: '# \udcb5\udcff\nincludedir /etc/more.d\nincludedir /etc/none.d\n',
      mode: 0o644,
    })
    expect(xinetd.files['/etc/more.d/two']).toMatchObject({
      kind: 'file',
      mode: 0o600,
      uid: 0,
      links: 1,
      linkTarget: null,
    })
    expect(xinetd.files['/etc/more.d/link']).toMatchObject({ kind: 'file', linkTarget: 'two' })
    expect(xinetd.files['/etc/more.d/dangling']).toEqual({ kind: 'missing' })
    expect(xinetd.files['/etc/more.d/folder']).toEqual({ kind: 'unreadable', why: 'notRegular' })
    expect(xinetd.files['/etc/xinetd.d/skipped.rpmnew']).toBeUndefined()
    expect(xinetd.directories['/etc/more.d']).toEqual({
      kind: 'directory',
      entries: ['dangling', 'folder', 'link', 'two'],
    })
    expect(xinetd.directories['/etc/none.d']).toEqual({ kind: 'missing' })
    expect(xinetd.names.services).toContainEqual({ name: 'echo', protocol: 'tcp', port: 7 })
    expect(xinetd.names.users).toContain('nobody')
    expect(xinetd.names.programs).toEqual({ '/bin/date': true })
    expect(await real.must('ls /run/xinetd.dump 2>/dev/null || echo none')).toBe('none\n')
  })

  it('is read without root as far as that goes', async () => {
    const it = await watch('plain', [superserver.part])
    const { xinetd, sockets } = await read<SuperserverState>(it, 'superserver')
    expect(xinetd?.daemon?.pid).toBe(Number(await real.must('cat /run/xinetd.pid')))
    expect(xinetd?.dump).toBeNull()
    expect(xinetd?.files['/etc/xinetd.d/one']).toMatchObject({ kind: 'file' })
    expect(xinetd?.files['/etc/more.d/two']).toEqual({ kind: 'unreadable', why: 'permission' })
    expect(sockets.some(({ port }) => port === 9301)).toBe(true)
  })

  it('is not taken for running by its name, nor by a stale pidfile, and nobody else gets its signal', async () => {
    // A process of that name that dies of the signal, and a pidfile that names it.
    const ours = (await real.must('cat /run/xinetd.pid')).trim()
    await real.must(
      `cp /bin/sleep /tmp/xinetd; cp /run/xinetd.pid /run/kept; (exec /tmp/xinetd 300 >/dev/null 2>&1 &) ; sleep 0.2; pgrep -f '^/tmp/xinetd 300' >/run/xinetd.pid`,
    )
    try {
      const it = await watch('admin', [superserver.part])
      const { xinetd } = await read<SuperserverState>(it, 'superserver')
      expect(xinetd?.dump).toBeNull()
      expect(await real.must("pgrep -fc '^/tmp/xinetd 300'")).toBe('1\n')
      await real.must('echo 999999 >/run/xinetd.pid')
      const again = await it.host.parts.refresh('superserver')
      // No pidfile that holds: the one that runs this host's own file, started by init.
      expect(again).toMatchObject({
        ok: true,
        value: { value: { xinetd: { daemon: { pid: Number(ours), pidfile: null } } } },
      })
    } finally {
      await real.must("mv /run/kept /run/xinetd.pid; pkill -f '^/tmp/xinetd 300'; rm /tmp/xinetd")
    }
  })
})

describe('parts that are open together', () => {
  const part = (name: PartName, body: string, refreshMs: number, seconds = 5): PartSource<string> => ({
    name,
    need: 'none',
    sections: [{ name, body, seconds }],
    refreshMs,
    parse: ([answer]) =>
      answer?.kind === 'done'
        ? { ok: true, value: decode(answer.pieces[0]?.bytes ?? new Uint8Array()) }
        : { ok: false, problem: partProblem(answer) },
  })

  it('are read by one exec, told when they are new, and read no more when nobody looks', async () => {
    await real.must('rm -f /tmp/count; echo 1 >/tmp/value; chmod 666 /tmp/value')
    const parts = [part('facts', 'cat /tmp/value', 300), part('desktops', 'echo steady', 300)]
    const it = await watch('admin', parts)
    await it.host.parts.open('facts')
    await it.host.parts.open('desktops')
    const from = it.commands.length
    await new Promise((resolve) => setTimeout(resolve, 1500))
    const rounds = it.commands.length - from
    expect(rounds).toBeGreaterThan(1)
    expect(it.told.filter(({ part: name }) => name === 'desktops').length).toBe(1)
    await real.must('echo 2 >/tmp/value')
    await expect
      .poll(() => it.told.at(-1))
      .toMatchObject({ part: 'facts', snapshot: { value: '2\n', revision: 2, stale: false } })
    it.host.parts.close('facts')
    it.host.parts.close('desktops')
    await new Promise((resolve) => setTimeout(resolve, 500))
    const still = it.commands.length
    await new Promise((resolve) => setTimeout(resolve, 900))
    expect(it.commands.length).toBe(still)
  })

  it('do not wait for one that hangs: it is named, and the next time it is read by itself', async () => {
    await real.must('rm -f /tmp/pipe; mkfifo /tmp/pipe; chmod 666 /tmp/pipe')
    const parts = [part('desktops', 'cat /tmp/pipe', 500, 1), part('facts', 'date +%N', 500)]
    const it = await watch('admin', parts)
    await it.host.parts.open('facts')
    const opened = await it.host.parts.open('desktops')
    expect(opened).toMatchObject({
      ok: true,
      value: { value: null, problem: { code: 'host.partLate', params: { seconds: 1 } } },
    })
    const times: number[] = []
    let last = -1
    const until = Date.now() + 3500
    while (Date.now() < until) {
      const revision = it.told.filter(({ part: name }) => name === 'facts').length
      if (revision !== last) times.push(Date.now())
      last = revision
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const gaps = times.slice(1).map((time, at) => time - (times[at] ?? 0))
    expect(times.length).toBeGreaterThan(3)
    // Held by the other it would be 1.5 s and more each time.
    expect(gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)]).toBeLessThan(1300)
  })

  it('keep their value, marked stale, while the connection is gone, and are read anew when it is back', async () => {
    const it = await watch('admin', [part('facts', 'echo here', 60_000)])
    await it.host.parts.open('facts')
    await real.must('pkill -KILL -u admin sshd')
    await expect.poll(() => it.told.some(({ snapshot }) => snapshot.stale)).toBe(true)
    expect(it.told.find(({ snapshot }) => snapshot.stale)?.snapshot).toMatchObject({
      value: 'here\n',
      problem: { code: expect.stringMatching(/^ssh\./) },
    })
    await expect
      .poll(() => it.told.at(-1)?.snapshot, { timeout: 15_000 })
      .toMatchObject({ value: 'here\n', stale: false, problem: null })
  })
})
