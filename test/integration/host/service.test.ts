import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Profile } from '../../../shared/contract'
import type { HostFacts } from '../../../shared/model/facts'
import { openLab, type Lab } from '../../lab/lab'
import { signIn, type Client } from './client'

let lab: Lab
let client: Client | null = null
beforeAll(async () => {
  lab = await openLab()
  await Promise.all([
    ...['jump1', 'jump2', 'jump3'].map((name) => lab.host({ name })),
    lab.host({ name: 'lone', sshd: { MaxSessions: 1 }, units: ['xinetd.service'] }),
  ])
})
afterAll(() => lab.close())
afterEach(async () => {
  await client?.end()
  client = null
})

const told = (it: Client, name: string) => it.events.filter((event) => event.name === name)

describe('an overview', () => {
  it('of a host 280 ms away behind three jump hosts is there in seconds', async () => {
    // A packet between two hosts passes both their wires.
    const all = ['jump1', 'jump2', 'jump3', 'lone']
    const it = (client = await signIn(lab.find('jump1'), 'admin'))
    const { profile } = it
    const jump = (name: string, jumps: string[]): Profile => ({
      ...profile,
      id: name,
      name,
      address: lab.find(name).address,
      jumps,
    })
    await it.ask['profile.save']({ profile: jump('jump1', []) })
    await it.ask['profile.save']({ profile: jump('jump2', ['jump1']) })
    await it.ask['profile.save']({ profile: jump('jump3', ['jump2']) })
    await it.ask['profile.save']({ profile: { ...jump('lone', ['jump3']), id: 'far', name: 'far' } })
    await Promise.all(all.map((name) => lab.network.delay(name, 40)))
    try {
      const connected = await it.ask['host.connect']({ host: 'far' })
      expect(connected).toMatchObject({ ok: true, value: { id: 'far', state: { kind: 'up' } } })
      const steps = told(it, 'host.changed').flatMap(
        ({ payload }) => JSON.stringify(payload).match(/"hop":"[^"]*"/g) ?? [],
      )
      expect([...new Set(steps)]).toEqual(
        expect.arrayContaining(['"hop":"jump1"', '"hop":"jump2"', '"hop":"jump3"', '"hop":"far"']),
      )
      const opened = await it.ask['part.open']({ host: 'far', part: 'facts' })
      const facts = opened.ok ? (opened.value.value as HostFacts) : null
      expect(facts?.system.hostname).toBe('lone')
    } finally {
      await Promise.all(all.map((name) => lab.network.mend(name)))
    }
  })

  it('and a terminal’s worth of parts live on a host that allows one session at a time', async () => {
    const it = (client = await signIn(lab.find('lone'), 'pat'))
    const before = it.questions.length
    const opened = await Promise.all([
      it.ask['part.open']({ host: it.host, part: 'facts' }),
      it.ask['part.open']({ host: it.host, part: 'superserver' }),
      it.ask['host.unlock']({ host: it.host, minutes: 0 }),
    ])
    expect(opened.map((answer) => answer.ok)).toEqual([true, true, true])
    // One for sudo, and none for the connections that MaxSessions made necessary.
    expect(it.questions.slice(before)).toMatchObject([{ kind: 'prompt', purpose: 'sudo' }])
    await expect
      .poll(() => JSON.stringify(told(it, 'part.changed').at(-1)?.payload).includes('"dump":{'), {
        timeout: 10_000,
      })
      .toBe(true)
  })
})

describe('the list of hosts', () => {
  it('is kept, told and taken from', async () => {
    const it = (client = await signIn(lab.find('lone'), 'admin'))
    const { profile } = it
    expect(await it.ask['profile.list']({})).toEqual({ ok: true, value: [profile] })
    expect(JSON.parse(readFileSync(join(it.userData, 'profiles.json'), 'utf8'))).toEqual({
      version: 1,
      profiles: [profile],
    })
    await it.ask['profile.save']({ profile: { ...profile, readOnly: true } })
    expect(told(it, 'host.changed').at(-1)?.payload).toMatchObject({ id: profile.id, readOnly: true })
    await it.ask['profile.remove']({ id: profile.id })
    expect(told(it, 'host.removed').map(({ payload }) => payload)).toEqual([{ id: profile.id }])
    expect(told(it, 'host.changed').at(-1)?.payload).toMatchObject({ state: { kind: 'closed' } })
    expect(await it.ask['host.connect']({ host: profile.id })).toMatchObject({
      ok: false,
      problem: { code: 'app.notFound' },
    })
  })

  it('takes what ~/.ssh/config offers, and signs in by it', async () => {
    const it = (client = await signIn(lab.find('lone'), 'admin'))
    const { address } = lab.find('lone')
    writeFileSync(
      join(it.userData, '.ssh', 'config'),
      `Host offered\n  HostName ${address}\n  User csh\n  IdentityFile ${lab.keys.ecdsa}\n  IdentitiesOnly yes\n  ProxyJump gate\nHost gate\n  HostName ${lab.find('jump1').address}\n  User fish\n  IdentityFile ${lab.keys.rsa}\n`,
    )
    const offered = await it.ask['profile.proposals']({})
    if (!offered.ok) throw new Error(JSON.stringify(offered.problem))
    const { proposals } = offered.value
    expect(proposals.map(({ profile, exists }) => [profile.name, profile.user, exists])).toEqual([
      ['offered', 'csh', false],
      ['gate', 'fish', false],
    ])
    for (const { profile } of proposals) await it.ask['profile.save']({ profile })
    const before = it.questions.filter(({ kind }) => kind === 'prompt').length
    const host = proposals[0]?.profile.id ?? ''
    expect(await it.ask['host.connect']({ host })).toMatchObject({
      ok: true,
      value: { state: { kind: 'up' } },
    })
    expect(it.questions.filter(({ kind }) => kind === 'prompt').length).toBe(before)
    const facts = await it.ask['part.open']({ host, part: 'facts' })
    expect(facts).toMatchObject({ ok: true, value: { value: { system: { user: 'csh', hostname: 'lone' } } } })
    expect(await it.ask['profile.proposals']({})).toMatchObject({
      ok: true,
      value: { proposals: [{ exists: true }, { exists: true }], damaged: [] },
    })
  })
})

describe('a host that a change is made on', () => {
  const path = '/etc/xinetd.d/held'
  const file = [
    ...['service held', '{', 'type = UNLISTED', 'socket_type = stream', 'protocol = tcp', 'port = 9301'],
    ...['wait = no', 'user = nobody', 'server = /bin/echo', 'disable = yes', '}', ''],
  ].join('\n')
  const busy = { ok: false, problem: { code: 'change.busy', host: 'lone' } }

  it('stays where it is until that is done; what was planned ends with the way it was planned for', async () => {
    await lab.find('lone').writeFile(path, file)
    const it = (client = await signIn(lab.find('lone'), 'admin'))
    const { host, profile } = it
    const plan = async (kind: 'enableServices' | 'disableServices') => {
      const services = [{ path, id: 'held', occurrence: 0 }]
      const intent = { capability: 'superserver' as const, reason: '', kind, services, entries: [] }
      const planned = await it.ask['change.plan']({ host, intent })
      if (!planned.ok) throw new Error(JSON.stringify(planned.problem))
      const { id, digest } = planned.value
      return { id, digest }
    }
    const moved: Profile = { ...profile, port: 2222 }
    const applying = Promise.resolve(it.ask['change.apply'](await plan('enableServices')))
    expect(await it.ask['host.disconnect']({ host })).toMatchObject(busy)
    expect(await it.ask['profile.remove']({ id: host })).toMatchObject(busy)
    expect(await it.ask['profile.save']({ profile: moved })).toMatchObject(busy)
    expect(await it.ask['profile.save']({ profile: { ...profile, group: 'quay' } })).toMatchObject({
      ok: true,
    })
    expect(await applying).toMatchObject({ ok: true, value: { kind: 'proved' } })

    const kept = await plan('disableServices')
    expect(await it.ask['profile.save']({ profile: moved })).toMatchObject({ ok: true })
    expect(told(it, 'host.changed').at(-1)?.payload).toMatchObject({ id: host, state: { kind: 'closed' } })
    await it.ask['profile.save']({ profile })
    expect(await it.ask['host.connect']({ host })).toMatchObject({ ok: true })
    const refused = await it.ask['change.apply'](kept)
    expect(refused).toMatchObject({ ok: false, problem: { code: 'change.notPlanned' } })
    expect((await lab.find('lone').readFile(path)).toString()).toContain('disable = no')
    expect(await it.ask['change.apply'](await plan('disableServices'))).toMatchObject({ ok: true })
    expect(await it.ask['host.disconnect']({ host })).toMatchObject({ ok: true })
  })
})

describe('a connection', () => {
  it('that is not there answers so, everywhere', async () => {
    const it = (client = await signIn(lab.find('lone'), 'admin'))
    const { host } = it
    await it.ask['host.disconnect']({ host })
    const notConnected = { ok: false, problem: { code: 'host.notConnected', host: 'lone' } }
    expect(await it.ask['host.unlock']({ host, minutes: 0 })).toMatchObject(notConnected)
    expect(
      await it.ask['change.plan']({
        host,
        intent: { capability: 'superserver', reason: '', kind: 'fixLineEnds', path: '/etc/xinetd.conf' },
      }),
    ).toMatchObject(notConnected)
    expect(await it.ask['part.open']({ host, part: 'facts' })).toMatchObject({
      ok: true,
      value: { value: null, revision: 0 },
    })
    // What is open is read as soon as there is somebody to ask.
    await it.ask['host.connect']({ host })
    await expect
      .poll(() => JSON.stringify(told(it, 'part.changed').at(-1)?.payload))
      .toContain('"hostname":"lone"')
  })

  it('is made once, however often it is asked for, and ends when the user has enough', async () => {
    const it = (client = await signIn(lab.find('lone'), 'admin'))
    const { host } = it
    await it.ask['host.disconnect']({ host })
    const from = it.questions.length
    const answers = await Promise.all([1, 2, 3].map(async () => it.ask['host.connect']({ host })))
    expect(answers.every(({ ok }) => ok)).toBe(true)
    expect(it.questions.length).toBe(from + 1)
    await it.ask['host.disconnect']({ host })
    const asked = Promise.resolve(it.ask['host.connect']({ host }))
    await it.ask['host.disconnect']({ host })
    expect(await asked).toMatchObject({ ok: false, problem: { code: 'app.cancelled' } })
    expect(it.status().state).toEqual({ kind: 'closed' })
    expect(it.ask['question.list']({})).toEqual({ ok: true, value: [] })
  })
})
