import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ConnectedHost } from '../../../main/host/connected-host'
import type { Answer } from '../../../shared/contract'
import type { Verdict } from '../../../main/capability/capability'
import type { Host } from '../../lab/host'
import { openLab, type Lab } from '../../lab/lab'
import { connectTo } from '../host/connected'
import { leavings, workbench, writeStep, type Workbench } from './workbench'

/** Two administrators, each with an app of his own, and one host. */
let lab: Lab
let real: Host
let hosts: readonly [ConnectedHost, ConnectedHost]
let mine: Workbench
let theirs: Workbench
beforeAll(async () => {
  lab = await openLab()
  real = await lab.host({ name: 'shared' })
})
afterAll(() => lab.close())
beforeEach(async () => {
  await real.must('rm -rf /srv/t; mkdir /srv/t; printf before >/srv/t/a; printf before >/srv/t/b')
  hosts = await Promise.all([connectTo(real, 'admin'), connectTo(real, 'noisy')])
  mine = workbench([hosts[0]], { deadlineSeconds: 6 })
  theirs = workbench([hosts[1]])
})
afterEach(async () => {
  for (const host of hosts) host.disconnect()
  await expect.poll(() => real.must(leavings), { timeout: 15_000 }).toBe('')
})

const holds = { ok: true, value: { holds: true, evidence: [], missing: [] } } as const
const ours = '/srv/t/a'
const other = '/srv/t/b'
const content = () => real.must('cat /srv/t/a; echo; cat /srv/t/b')
const waitFor = (condition: string) =>
  real.must(`i=0; until ${condition} || [ $i -ge 200 ]; do sleep 0.05; i=$((i+1)); done; ${condition}`)

/** Our app holds the host: what it changes is done, and its proof is waited for. */
async function holding() {
  let release: (verdict: Answer<Verdict>) => void = () => undefined
  const proof = new Promise<Answer<Verdict>>((resolve) => (release = resolve))
  const made = mine.make({ steps: [await writeStep(hosts[0], ours, 'after')], prove: () => proof })
  await waitFor(`grep -q after ${ours}`)
  const [id = ''] = mine.written.keys()
  return { id, made, release: () => release(holds) }
}
/** As a process that was killed: nothing more of it is heard. */
async function killOurs(): Promise<void> {
  hosts[0].disconnect()
  await real.must('pkill -KILL -u admin sshd || true')
}
const theirChange = async () => theirs.make({ steps: [await writeStep(hosts[1], other, 'theirs')] })
const lock = '/var/lib/wharfmaster/lock'

describe('two apps on one host', () => {
  it('that begin at the same moment: one change is made, the other is refused and leaves nothing', async () => {
    for (let round = 0; round < 12; round += 1) {
      await real.must('printf before >/srv/t/a; printf before >/srv/t/b')
      const [one, two] = await Promise.all([
        writeStep(hosts[0], ours, 'after'),
        writeStep(hosts[1], ours, 'theirs'),
      ])
      const [a, b] = await Promise.all([mine.make({ steps: [one] }), theirs.make({ steps: [two] })])
      const said = [a, b].map((outcome) => (typeof outcome === 'string' ? outcome : outcome.kind))
      expect([...said].sort()).toEqual([expect.stringMatching(/^change\.(hostBusy|conflict)/), 'proved'])
      expect(await content()).toBe(`${said[0] === 'proved' ? 'after' : 'theirs'}\nbefore`)
    }
  })

  it('find it busy as long as one of them has not confirmed', async () => {
    const { made, release } = await holding()
    expect(await theirChange()).toMatch(/^change.hostBusy/)
    expect(await content()).toBe('after\nbefore')
    release()
    expect(await made).toMatchObject({ kind: 'proved' })
    expect(await theirChange()).toMatchObject({ kind: 'proved' })
    expect(await content()).toBe('after\ntheirs')
  })

  it('find it busy when one was killed, until the host has taken back what it had not confirmed', async () => {
    await holding()
    await killOurs()
    expect(await theirChange()).toMatch(/^change.hostBusy/)
    expect(await content()).toBe('after\nbefore')
    await waitFor(`[ ! -e ${lock} ]`)
    expect(await content()).toBe('before\nbefore')
    expect(await theirChange()).toMatchObject({ kind: 'proved' })
  })

  it('find it free when what waited for the deadline is killed as well, and take back first what was half done', async () => {
    const { id } = await holding()
    await killOurs()
    await real.must(`systemctl kill -s KILL wharfmaster-watch-${id}.service`)
    await waitFor(`[ ! -d /proc/$(cut -d' ' -f1 ${lock}) ]`)
    expect(await content()).toBe('after\nbefore')
    expect(await theirChange()).toMatchObject({ kind: 'proved' })
    expect(await content()).toBe('before\ntheirs')
    expect(await real.must(`ls /var/lib/wharfmaster/changes/${id}`)).toContain('takenBack.heir')
  })

  it('one of which still waits for its proof when the other took its change back: it says so', async () => {
    const { id, made, release } = await holding()
    await real.must(`systemctl kill -s KILL wharfmaster-watch-${id}.service`)
    await waitFor(`[ ! -d /proc/$(cut -d' ' -f1 ${lock}) ]`)
    expect(await theirChange()).toMatchObject({ kind: 'proved' })
    release()
    expect(await made).toMatchObject({ kind: 'rolledBack', problem: { code: 'change.tookBackBefore' } })
    expect(await content()).toBe('before\ntheirs')
  })
})

describe('a lock', () => {
  afterEach(() => real.must(`rm -f ${lock}; kill $(cat /run/owner) 2>/dev/null || true`))
  /** A process that lives, and says of itself what a lock does: number, start, boot. */
  const owner = (words: string) =>
    real.must(`mkdir -p -m 700 /var/lib/wharfmaster
(setsid sleep 60 </dev/null >/dev/null 2>&1 & echo $! >/run/owner); sleep 0.1; p=$(cat /run/owner)
start=$(sed 's/.*) //' /proc/$p/stat | cut -d' ' -f20); boot=$(cat /proc/sys/kernel/random/boot_id)
echo ${words} >${lock}`)

  it('that is years old holds while its owner lives', async () => {
    await owner('$p $start $boot somebody')
    await real.must(`touch -d 2019-01-01 ${lock}`)
    expect(await theirChange()).toMatch(/^change.hostBusy process \d+ is making the change somebody/)
    expect(await content()).toBe('before\nbefore')
    await real.must('kill $(cat /run/owner)')
    await waitFor('[ ! -d /proc/$(cat /run/owner) ]')
    expect(await theirChange()).toMatchObject({ kind: 'proved' })
  })

  it.each([
    ['whose owner’s number is another process’s now', '$p $((start + 1)) $boot somebody'],
    ['of an earlier boot', '$p $start 01234567-89ab-cdef-0123-456789abcdef somebody'],
    ['that a power cut left empty', ''],
  ])('%s does not hold', async (_, words) => {
    await owner(words)
    expect(await theirChange()).toMatchObject({ kind: 'proved' })
    expect(await content()).toBe('before\ntheirs')
  })
})

describe('a beginning that is still being written to the journal', () => {
  const changes = '/var/lib/wharfmaster/changes'
  afterEach(() => real.must(`rm -rf ${changes}/written; kill $(cat /run/writer) 2>/dev/null || true`))
  it('is left alone by another change while its writer lives, and swept when he is dead', async () => {
    await real.must(`mkdir -p -m 700 ${changes}/written/after
(setsid sleep 60 </dev/null >/dev/null 2>&1 & echo $! >/run/writer); sleep 0.1; touch ${changes}/written/writer.$(cat /run/writer)`)
    expect(await theirChange()).toMatchObject({ kind: 'proved' })
    expect(await real.sh(`[ -d ${changes}/written ]`)).toMatchObject({ code: 0 })
    await real.must('kill $(cat /run/writer)')
    await waitFor('[ ! -d /proc/$(cat /run/writer) ]')
    await real.must(`printf before >${other}`)
    expect(await theirChange()).toMatchObject({ kind: 'proved' })
    expect(await real.sh(`[ -d ${changes}/written ]`)).toMatchObject({ code: 1 })
  })
})

describe('what arrives late', () => {
  it('does not begin a change that was taken back before it came', async () => {
    // The beginning waits on its way, as in the buffers of a link that was cut.
    let arrive: () => void = () => undefined
    const late = new Promise<void>((resolve) => (arrive = resolve))
    let begun: Promise<unknown> = Promise.resolve()
    const slow = new Proxy(hosts[0], {
      get: (target, key): unknown => {
        const value: unknown = Reflect.get(target, key, target)
        if (key !== 'run') return typeof value === 'function' ? value.bind(target) : value
        return (job: Parameters<ConnectedHost['run']>[0]) => {
          if (job.sections[0]?.name !== 'begin') return target.run(job)
          begun = late.then(() => target.run(job))
          return begun
        }
      },
    })
    const bench = workbench([slow])
    const made = bench.make({ steps: [await writeStep(hosts[0], ours, 'after')] })
    await expect.poll(() => bench.written.size).toBe(1)
    for (const id of bench.written.keys()) bench.engine.cancel(id)
    expect(await made).toMatchObject({ kind: 'rolledBack', problem: { code: 'app.cancelled' } })
    arrive()
    expect(await begun).toMatchObject({ ok: true })
    expect(await content()).toBe('before\nbefore')
    expect(await theirChange()).toMatchObject({ kind: 'proved' })
  })
})
