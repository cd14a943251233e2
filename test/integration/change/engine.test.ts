import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ConnectedHost } from '../../../main/host/connected-host'
import { quote } from '../../../main/host/quote'
import { decode, encode } from '../../../shared/codec'
import { digestOfText, type Step } from '../../../shared/model/change'
import type { Host } from '../../lab/host'
import { openLab, type Lab } from '../../lab/lab'
import { connectTo } from '../host/connected'
import { contentOf, imageOf, leavings, script, workbench, writeStep, type Workbench } from './workbench'

/**
 * The engine on a real host with steps of every kind, and what they are about made up for the test: the
 * capability's words are the test's, the host's files and processes are real.
 */
let lab: Lab
let real: Host
let host: ConnectedHost
let bench: Workbench

beforeAll(async () => {
  lab = await openLab()
  real = await lab.host({ name: 'dock' })
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

const image = (path: string) => imageOf(host, path)
const write = (path: string, text: string) => writeStep(host, path, text)
const content = contentOf
const failing: Step = {
  kind: 'daemon',
  title: { key: 't', params: {} },
  daemon: 'd',
  action: 'reload',
  before: null,
  command: script('echo no such luck >&2; exit 3'),
  restore: script('echo restored >>/srv/t/.restored'),
}

const make = (steps: readonly Step[], holds = true) =>
  bench.make({
    steps,
    prove: () =>
      Promise.resolve({ ok: true, value: { holds, evidence: [], missing: ['as the test wants'] } }),
  })
/** Everything below a directory: inode, kind, owner, mode, size, link and content of each name. */
const snapshot = () =>
  real.must(
    `cd /srv/t && find . -mindepth 1 ! -name .restored -printf '%i %y %U:%G %m %s %l %P\\0' | sort -z | tr '\\000' '\\n'; find . -type f ! -name .restored -print0 | sort -z | xargs -0 -r sha256sum -z | tr '\\000' '\\n'`,
  )

describe('steps of every kind', () => {
  it('are done in their order', async () => {
    await real.must('cd /srv/t; echo old >a; echo gone >b; echo moved >c; echo before >r')
    const created = content('new\n', { mode: 0o4750, uid: 12, gid: 34 })
    const outcome = await make([
      await write('/srv/t/a', 'new\n'),
      { kind: 'create', path: '/srv/t/n', after: created, secret: false },
      { kind: 'delete', path: '/srv/t/b', before: await image('/srv/t/b'), secret: false },
      { kind: 'move', from: '/srv/t/c', to: '/srv/t/d', before: await image('/srv/t/c'), secret: false },
      {
        kind: 'runtime',
        title: { key: 't', params: {} },
        capture: { kind: 'argv', argv: ['cat', '/srv/t/r'] },
        set: script('echo "$1" >/srv/t/r', "it's set"),
        restore: script('cat >/srv/t/r'),
      },
    ])
    expect(outcome).toMatchObject({ kind: 'proved' })
    expect(await real.must('cd /srv/t; cat a n d r; stat -c "%u:%g %a" n; ls')).toBe(
      "new\nnew\nmoved\nit's set\n12:34 4750\na\nd\nn\nr\n",
    )
  })

  it('are all taken back when the last one fails, or when the proof does, to the very inodes', async () => {
    await real.must(
      `cd /srv/t; printf 'old\\000\\377' >a; chmod 2751 a; chown 5:6 a; echo gone >b; ln -s nowhere l; echo moved >c; printf '\\000before' >r`,
    )
    const before = await snapshot()
    const steps = async (): Promise<Step[]> => [
      await write('/srv/t/a', 'new\n'),
      { kind: 'create', path: '/srv/t/n', after: content('new\n'), secret: false },
      { kind: 'delete', path: '/srv/t/b', before: await image('/srv/t/b'), secret: false },
      { kind: 'move', from: '/srv/t/c', to: '/srv/t/d', before: await image('/srv/t/c'), secret: false },
      {
        kind: 'runtime',
        title: { key: 't', params: {} },
        capture: { kind: 'argv', argv: ['cat', '/srv/t/r'] },
        set: script('echo set >/srv/t/r'),
        restore: script('cat >/srv/t/r'),
      },
    ]
    expect(await make([...(await steps()), failing])).toMatchObject({
      kind: 'rolledBack',
      problem: { code: 'change.stepFailed', params: { step: 6 }, detail: 'no such luck' },
    })
    expect(await snapshot()).toBe(before)
    expect(await real.must('cat /srv/t/.restored')).toBe('restored\n')
    expect(await make(await steps(), false)).toMatchObject({
      kind: 'rolledBack',
      problem: { code: 'change.notProved' },
    })
    expect(await snapshot()).toBe(before)
  })

  it('stop before the first when one of them meets something else than was planned', async () => {
    await real.must('cd /srv/t; echo old >a; echo taken >n')
    const before = await snapshot()
    const steps: Step[] = [
      await write('/srv/t/a', 'new\n'),
      { kind: 'create', path: '/srv/t/n', after: content('new\n'), secret: false },
    ]
    expect(await make(steps)).toMatch(/^change.conflict/)
    expect(await snapshot()).toBe(before)
    const nowhere: Step = { kind: 'create', path: '/srv/t/no/n', after: content('x'), secret: false }
    expect(await make([await write('/srv/t/a', 'new\n'), nowhere])).toMatch(/^change.cannotWrite/)
    expect(await snapshot()).toBe(before)
  })

  it('leave a file that somebody changed after them, and say which', async () => {
    await real.must('cd /srv/t; echo old >a; echo old >b')
    const meddling: Step = { ...failing, command: script('echo mine >/srv/t/a; exit 1') }
    expect(
      await make([await write('/srv/t/a', 'new\n'), await write('/srv/t/b', 'new\n'), meddling]),
    ).toMatchObject({
      kind: 'unknown',
      problem: {
        code: 'change.rollbackIncomplete',
        host: 'dock',
        detail: 'changed by somebody else meanwhile, and left as it is: /srv/t/a',
      },
    })
    expect(await real.must('cat /srv/t/a /srv/t/b')).toBe('mine\nold\n')
  })
})

describe('paths and bytes as bad as they come', () => {
  const names = [
    'with blank',
    "it's",
    '"$(touch pwned)`id`',
    '-rf',
    'new\nline',
    ' lead',
    'trail\n',
    '\\n%s*?[a]',
    '密码',
    decode(Uint8Array.of(0xff, 0xfe, 0x41, 0x80)),
    'x'.repeat(255),
    '~',
    '!history',
    '{a,b}',
    '#c',
  ]
  it('are written exactly, and given back exactly', async () => {
    const every = decode(Uint8Array.from({ length: 4096 }, (_, at) => (at * 7) & 255))
    const texts = ['', '\n', every, '%s\\n-n', `${"'".repeat(300)}\r\n`, '密码\n']
    const put = names.map((name) => `cd /srv/t; printf 'old' >./${quote(name)}`).join('\n')
    await real.must('/bin/sh', { input: encode(put) })
    const before = await snapshot()
    const steps = await Promise.all(
      names.map(async (name, at) => write(`/srv/t/${name}`, texts[at % texts.length] ?? '')),
    )
    expect(await make(steps, false)).toMatchObject({ kind: 'rolledBack' })
    expect(await snapshot()).toBe(before)
    expect(await make(steps)).toMatchObject({ kind: 'proved' })
    for (const [at, name] of names.entries())
      expect((await image(`/srv/t/${name}`)).digest, name).toBe(digestOfText(texts[at % texts.length] ?? ''))
    expect(await real.must('ls -A /srv/t | wc -l; find / -xdev -name pwned 2>/dev/null || true')).toBe(
      `${names.length + 2}\n`,
    )
  })
})

describe('a link that breaks', () => {
  it('in the middle of a step: the host is as before when it is back', async () => {
    await real.must('cd /srv/t; echo old >a')
    const before = await snapshot()
    const slow: Step = {
      ...failing,
      command: script('touch /tmp/reached; sleep 3; echo too late >/srv/t/late'),
    }
    const made = make([await write('/srv/t/a', 'new\n'), slow])
    await real.must(
      'rm -f /tmp/reached; i=0; while [ ! -e /tmp/reached ] && [ $i -lt 200 ]; do sleep 0.05; i=$((i+1)); done; pkill -KILL -u admin sshd',
    )
    expect(await made).toMatchObject({ kind: 'rolledBack', problem: { code: 'host.connectionLost' } })
    expect(await snapshot()).toBe(before)
    // The applier is ended, not only outrun.
    await real.must('sleep 3')
    expect(await snapshot()).toBe(before)
  })

  it('before the first word: nothing is done', async () => {
    await real.must('cd /srv/t; echo old >a')
    const before = await snapshot()
    const planned = await bench.plan({ steps: [await write('/srv/t/a', 'new\n')] })
    await real.must('pkill -KILL -u admin sshd')
    await expect.poll(() => host.status().state.kind).not.toBe('up')
    if (!planned.ok) throw new Error('not planned')
    expect(await bench.engine.apply(planned.value.id, planned.value.digest)).toMatchObject({
      ok: false,
      problem: { code: 'host.notConnected' },
    })
    expect(await snapshot()).toBe(before)
    await expect.poll(() => host.status().state.kind, { timeout: 10_000 }).toBe('up')
  })
})
