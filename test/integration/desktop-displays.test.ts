import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChangeOutcome, PlannedChange } from '../../shared/contract'
import {
  desktopIntentSchema,
  obstacleTo,
  type DesktopIntent,
  type DesktopState,
  type StartIntent,
  type VncDisplay,
} from '../../shared/model/desktop'
import { practice } from '../lab/practice/practice'
import { vncPassword } from '../lab/accounts'
import { Viewer } from './desktop-viewer'
import { signIn, type Client } from './host/client'

/** Displays of a real TigerVNC: found, started, looked at, stopped; each time the host itself is asked. */
const harbor = practice().host('harbor')
let desk: Client

beforeAll(async () => {
  desk = await signIn(harbor, 'desk')
  await sweep()
  await desk.ask['part.open']({ host: desk.host, part: 'desktops' })
})
afterAll(async () => {
  await sweep()
  await desk.end()
})

/** Nothing of an earlier run, and nothing for a later one. */
const sweep = () =>
  harbor.sh(
    'for p in $(pgrep -u desk Xvnc\\|Xtigervnc); do kill $p; done; rm -f /tmp/.X5?-lock /tmp/.X11-unix/X5? /home/desk/.vnc/*.log',
  )

async function state(client: Client = desk): Promise<DesktopState> {
  const answer = await client.ask['part.refresh']({ host: client.host, part: 'desktops' })
  if (!answer.ok || answer.value.value === null) throw new Error(JSON.stringify(answer))
  // The part's own parser made it.
  return answer.value.value as DesktopState
}
async function display(number: number): Promise<VncDisplay> {
  const { displays } = await state()
  const found = displays.find((one) => one.number === number)
  if (found === undefined)
    throw new Error(`no display :${number} among ${displays.map((one) => one.number).join()}`)
  return found
}
async function plan(intent: DesktopIntent, client: Client = desk): Promise<PlannedChange> {
  const planned = await client.ask['change.plan']({ host: client.host, intent })
  if (!planned.ok) throw new Error(JSON.stringify(planned.problem))
  return planned.value
}
async function make(intent: DesktopIntent): Promise<ChangeOutcome> {
  const { id, digest } = await plan(intent)
  const outcome = await desk.ask['change.apply']({ id, digest })
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem))
  return outcome.value
}
/** The attempts at which the user was asked for a VNC password. */
const vncQuestions = ({ questions }: Client) =>
  questions.flatMap((question) =>
    question.kind === 'prompt' && question.purpose === 'vnc' ? [question.attempt] : [],
  )
const start = (number: number, more: Partial<StartIntent> = {}): DesktopIntent =>
  desktopIntentSchema.parse({
    capability: 'desktop',
    kind: 'start',
    display: number,
    width: 800,
    height: 600,
    depth: 24,
    ...more,
  })
const stop = ({ number, pid, startTime }: VncDisplay): DesktopIntent =>
  desktopIntentSchema.parse({
    capability: 'desktop',
    kind: 'stop',
    display: number,
    process: { pid, startTime },
  })

describe('a desktop through SSH alone', () => {
  test('is started as the login, without root and without a question, and proved', async () => {
    const planned = await plan(start(51))
    const [part] = planned.preview.parts
    expect(part?.need).toBe('none')
    expect(part?.commands[0]?.text).toContain('-rfbunixpath /home/desk/.vnc/display-51.sock')
    expect((await harbor.sh('pgrep -u desk -f :51')).stdout, 'nothing is done before it is applied').toBe('')

    const outcome = await desk.ask['change.apply']({ id: planned.id, digest: planned.digest })
    expect(outcome).toMatchObject({ ok: true, value: { kind: 'proved' } })
    expect(vncQuestions(desk)).toEqual([])
    const seen = await harbor.must(
      'ss -H -lntp; stat -c "%U %a" /home/desk/.vnc/display-51.sock; cat /tmp/.X51-lock',
    )
    expect(seen).not.toContain('5951')
    expect(seen).toContain('desk 600')
    const found = await display(51)
    expect(seen).toMatch(new RegExp(`\\s${found.pid}\\s`))
    expect(found).toMatchObject({
      owner: { name: 'desk' },
      model: { kind: 'wrapper' },
      geometry: { width: 800, height: 600, live: true },
      depth: 24,
      reach: 'own',
      security: { types: ['None'] },
    })
    expect(found.programs.map(({ name }) => name)).toEqual(expect.arrayContaining(['twm', 'xterm']))
    const age = Number((await harbor.must(`ps -o etimes= -p ${found.pid}`)).trim())
    expect(Math.abs(Date.now() - age * 1000 - (found.startedAt ?? 0))).toBeLessThan(30_000)
  })

  test('shows its picture, and takes what is typed', async () => {
    const viewer = new Viewer(desk, 51)
    const { width, height, name, pixels } = await viewer.picture()
    expect([width, height]).toEqual([800, 600])
    expect(name).toContain(':51')
    expect(new Set(pixels).size, 'xterm, its title and the root window').toBeGreaterThan(2)
    viewer.click(200, 200)
    viewer.type('touch ~/typed-by-viewer\n')
    await expect
      .poll(async () => (await harbor.sh('ls /home/desk/typed-by-viewer')).code, { timeout: 10_000 })
      .toBe(0)
    await harbor.must('rm /home/desk/typed-by-viewer')
    viewer.close()
  })

  test('is out of reach for other accounts of the host', async () => {
    const plain = await signIn(harbor, 'plain')
    try {
      expect(await new Viewer(plain, 51).settled()).toMatchObject({ code: 'ssh.forwardFailed' })
    } finally {
      await plain.end()
    }
  })

  test('ends with all its programs when it is stopped, and is stopped once', async () => {
    const running = await display(51)
    const intent = stop(running)
    const planned = await plan(intent)
    const [part] = planned.preview.parts
    expect(part?.reversible).toBe(false)
    expect(part?.disturbs[0]).toMatchObject({ degree: 'sessions', subject: ':51' })
    expect(part?.disturbs[0]?.what.params['programs']).toContain('xterm')
    const viewer = new Viewer(desk, 51)
    await viewer.picture()
    expect(await make(intent)).toMatchObject({ kind: 'proved' })
    expect(await viewer.end()).toMatchObject({ code: 'desktop.closed' })
    // Programs end when their X connection does: a moment after the server that was waited for.
    const left = async () =>
      (await harbor.sh('pgrep -u desk -a; ls /tmp/.X51-lock /tmp/.X11-unix/X51')).stdout
    await expect.poll(left, { timeout: 5000 }).not.toMatch(/Xtigervnc|twm|xterm/)
    expect(await desk.ask['change.plan']({ host: desk.host, intent })).toMatchObject({
      ok: false,
      problem: { code: 'desktop.gone' },
    })
    expect(await new Viewer(desk, 51).settled()).toMatchObject({ code: 'desktop.gone' })
    const { ended } = await state()
    expect(ended.find((session) => session.display === 51)?.log.tail).toMatch(
      /Killing Xtigervnc|cleanly exited/,
    )
  })
})

describe('a desktop with a VNC password', () => {
  test('is opened by its owner without a question, by another account with the password alone', async () => {
    expect(await make(start(52, { access: 'password' }))).toMatchObject({ kind: 'proved' })
    expect(await display(52)).toMatchObject({
      endpoint: { kind: 'tcp', address: '127.0.0.1', port: 5952 },
      reach: 'local',
      security: { types: ['VncAuth'] },
    })
    const own = new Viewer(desk, 52)
    expect(new Set((await own.picture()).pixels).size).toBeGreaterThan(2)
    expect(vncQuestions(desk)).toEqual([])
    own.close()

    const plain = await signIn(harbor, 'plain')
    try {
      plain.answerWith('wrong', vncPassword)
      const theirs = new Viewer(plain, 52)
      expect((await theirs.picture()).width).toBe(800)
      expect(vncQuestions(plain)).toEqual([1, 2])
      const failures = await harbor.must('grep -c AuthFailureException /home/desk/.vnc/*:52.log')
      expect(failures.trim(), 'one wrong answer is one try').toBe('1')
      theirs.close()
      // Kept in memory: the same display again asks nothing.
      const again = new Viewer(plain, 52)
      await again.picture()
      expect(vncQuestions(plain)).toHaveLength(2)
      again.close()
      plain.answerWith(null)
      const intent = stop(await display(52))
      expect(await plain.ask['change.plan']({ host: plain.host, intent })).toMatchObject({
        problem: { code: 'desktop.foreign', params: { owner: 'desk' } },
      })
      const told = JSON.stringify([plain.events, plain.logged])
      expect(told).not.toContain(vncPassword)
    } finally {
      await plain.end()
    }
    expect(await make(stop(await display(52)))).toMatchObject({ kind: 'proved' })
  })

  test('makes a password that nobody knows where there is none', async () => {
    const kept = await harbor.readFile('/home/desk/.vnc/passwd')
    await harbor.must('rm /home/desk/.vnc/passwd')
    try {
      const planned = await plan(start(53, { access: 'password' }))
      expect(planned.preview.parts[0]?.commands).toHaveLength(2)
      expect(await make(start(53, { access: 'password' }))).toMatchObject({ kind: 'proved' })
      expect((await harbor.must('stat -c "%U %a %s" /home/desk/.vnc/passwd')).trim()).toBe('desk 600 8')
      const viewer = new Viewer(desk, 53)
      await viewer.picture()
      viewer.close()
      expect(await make(stop(await display(53)))).toMatchObject({ kind: 'proved' })
    } finally {
      await harbor.writeFile('/home/desk/.vnc/passwd', kept, 0o600)
      await harbor.must('chown desk:users /home/desk/.vnc/passwd')
    }
  })
})

describe('what a host can hold', () => {
  test('a stale lock is named with its cause, and passed over', async () => {
    await harbor.must("printf '%10d\\n' 4194000 > /tmp/.X54-lock; printf '         1\\n' > /tmp/.X55-lock")
    const now = await state()
    expect(obstacleTo(now, 54)).toEqual({ kind: 'staleLock', path: '/tmp/.X54-lock', pid: 4194000 })
    expect(obstacleTo(now, 55), 'process 1 is no X server').toMatchObject({ kind: 'staleLock', pid: 1 })
    const refused = await desk.ask['change.plan']({ host: desk.host, intent: start(54) })
    expect(refused).toMatchObject({
      problem: { code: 'desktop.displayStale', params: { path: '/tmp/.X54-lock' } },
    })
    await harbor.must('rm /tmp/.X54-lock /tmp/.X55-lock')
  })

  test('a session that ends at once is taken back, and its log says why', async () => {
    await harbor.must('mv /home/desk/.vnc/xstartup /home/desk/.vnc/xstartup.kept')
    await harbor.writeFile('/home/desk/.vnc/xstartup', '#!/bin/sh\nstartxfce4\n', 0o755)
    try {
      const outcome = await make(start(56))
      expect(outcome.kind).toBe('rolledBack')
      expect(JSON.stringify(outcome)).toContain('startxfce4: not found')
      const { displays, ended } = await state()
      expect(displays.map(({ number }) => number)).not.toContain(56)
      expect(ended.find((session) => session.display === 56)?.log.tail).toContain('startxfce4: not found')
    } finally {
      await harbor.must('mv /home/desk/.vnc/xstartup.kept /home/desk/.vnc/xstartup')
    }
  })

  test('a plain Xvnc is found with what its arguments say, and stopped by its process', async () => {
    await harbor.must(
      'setsid Xvnc :57 -geometry 640x480 -depth 16 -SecurityTypes TLSVnc,X509Vnc -rfbauth ~/.vnc/passwd >/dev/null 2>&1 </dev/null &',
      { user: 'desk' },
    )
    await expect.poll(async () => (await state()).displays.map(({ number }) => number)).toContain(57)
    const found = await display(57)
    expect(found).toMatchObject({
      model: { kind: 'plain' },
      geometry: { width: 640, height: 480 },
      depth: 16,
      reach: 'network',
      security: { types: ['TLSVnc', 'X509Vnc'], said: true },
    })
    expect(await make(stop(found))).toMatchObject({ kind: 'proved' })
  })

  test('nothing is started on a host that is read-only', async () => {
    desk.settings({ readOnly: true })
    const { id, digest } = await plan(start(58))
    expect(await desk.ask['change.apply']({ id, digest })).toMatchObject({
      problem: { code: 'app.readOnly' },
    })
    desk.settings({ readOnly: false })
  })
})
