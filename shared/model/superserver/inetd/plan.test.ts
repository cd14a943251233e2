import { describe, expect, it } from 'vitest'
import type { ListeningSocket } from '../../../probe/ss'
import { boot, image, names, noFailover, surroundings } from '../fixtures.test-support'
import { superserverIntentSchema, type SuperserverIntent } from '../intent'
import { plan } from '../plan'
import { superserverProofSchema } from '../proof'
import type { InetdState, SuperserverState } from '../state'
import { isUndoable, planUndo } from '../undo'

const ECHO = 'echo\tstream\ttcp\tnowait\troot\tinternal'
const OFF = '#<off># daytime\tstream\ttcp\tnowait\troot\tinternal'
const FILE = `# of this host\n${ECHO}\n${OFF}\n`
const path = '/etc/inetd.conf'
const socket = (port: number, program: string, pid: number): ListeningSocket => ({
  protocol: 'tcp',
  address: '*',
  device: null,
  port,
  holders: [{ program, pid, fd: 4 }],
})
const state = (
  text = FILE,
  more: Partial<SuperserverState> = {},
  inetd: Partial<InetdState> = {},
): SuperserverState => ({
  host: 'harbor',
  xinetd: null,
  inetd: {
    dialect: 'openbsd',
    daemon: { pid: 640, startTime: '900', argv: ['/usr/sbin/inetd'], pidfile: '/run/inetd.pid' },
    files: { [path]: { kind: 'file', ...image(text) } },
    names,
    owner: null,
    ...inetd,
  },
  units: [],
  systemd: null,
  failover: noFailover,
  sockets: [socket(7, 'inetd', 640), socket(22, 'sshd', 3)],
  boot,
  surroundings,
  ...more,
})
const intent = (more: Readonly<Record<string, unknown>>): SuperserverIntent =>
  superserverIntentSchema.parse({ capability: 'superserver', ...more })
const echo = { path, line: 2, text: ECHO }
const daytime = { path, line: 3, text: OFF }
const planned = (what: SuperserverIntent, of = state()) => {
  const answer = plan(of, what)
  if (!answer.ok) throw new Error(JSON.stringify(answer.problem))
  return answer.value
}
const code = (what: SuperserverIntent, of = state()) => {
  const answer = plan(of, what)
  return answer.ok ? 'planned' : answer.problem.code
}
const textOf = (what: SuperserverIntent, of = state()) => {
  const [step] = planned(what, of).parts[0]?.steps ?? []
  return step?.kind === 'write' ? step.after.text : null
}

describe('plan of a change of inetd.conf', () => {
  it('enables an entry, tells that very process, and asks the kernel whether it listens', () => {
    const change = planned(intent({ kind: 'enableServices', entries: [daytime] }))
    expect(change).toMatchObject({
      title: { key: 'xinetd.change.enable', params: { services: 'daytime' } },
      parts: [
        {
          steps: [
            { kind: 'write', path, after: { text: FILE.replace('#<off># ', '') } },
            { kind: 'daemon', daemon: 'inetd', action: 'reload', before: { pid: 640, startTime: '900' } },
          ],
          disturbs: [{ degree: 'notice', what: { key: 'inetd.disturb.opened', params: { port: '13/tcp' } } }],
        },
      ],
    })
    expect(superserverProofSchema.parse(change.parts[0]?.proof.expect)).toEqual({
      files: [{ path, digest: image(FILE.replace('#<off># ', '')).digest }],
      xinetd: null,
      systemd: null,
      failover: null,
      control: null,
      boot: null,
      inetd: {
        daemon: { pid: 640, startTime: '900' },
        listening: [
          { protocol: 'tcp', port: 7 },
          { protocol: 'tcp', port: 13 },
        ],
        silent: [],
      },
    })
  })

  it('disables, edits, adds and removes entries', () => {
    expect(textOf(intent({ kind: 'disableServices', entries: [echo] }))).toBe(
      `# of this host\n#<off># ${ECHO}\n${OFF}\n`,
    )
    expect(textOf(intent({ kind: 'editEntry', entry: echo, set: { user: 'nobody' } }))).toBe(
      FILE.replace('root\tinternal\n', 'nobody\tinternal\n'),
    )
    const words = ['7009', 'stream', 'tcp', 'nowait', 'nobody', '/bin/cat', 'cat']
    expect(textOf(intent({ kind: 'addEntry', path, words }))).toMatch(/\n7009\s+stream\s.*cat\n$/)
    expect(textOf(intent({ kind: 'removeEntry', entry: daytime }))).toBe(`# of this host\n${ECHO}\n`)
    const gone = planned(intent({ kind: 'disableServices', entries: [echo] }))
    expect(superserverProofSchema.parse(gone.parts[0]?.proof.expect).inetd).toMatchObject({
      listening: [],
      silent: [{ protocol: 'tcp', port: 7 }],
    })
    expect(gone.parts[0]?.disturbs).toMatchObject([{ degree: 'outage' }])
  })

  it('asks nothing of what did not run before and stays as it is', () => {
    const change = planned(
      intent({ kind: 'enableServices', entries: [daytime] }),
      state(FILE, { sockets: [socket(22, 'sshd', 3)] }),
    )
    expect(superserverProofSchema.parse(change.parts[0]?.proof.expect).inetd?.listening).toEqual([
      { protocol: 'tcp', port: 13 },
    ])
  })

  it('is undone by a change of its own', () => {
    const change = planned(intent({ kind: 'enableServices', entries: [daytime] }))
    expect(isUndoable(change)).toBe(true)
    const undone = planUndo(state(FILE.replace('#<off># ', '')), change)
    expect(undone).toMatchObject({ ok: true, value: { parts: [{ steps: [{ after: { text: FILE } }, {}] }] } })
    expect(planUndo(state(`${FILE}# theirs\n`), change)).toMatchObject({
      ok: false,
      problem: { code: 'change.conflict' },
    })
  })

  it.each([
    [
      'an entry that is another by now',
      { kind: 'removeEntry', entry: { ...echo, text: 'other' } },
      'superserver.unknownService',
    ],
    [
      'a file that is not read',
      { kind: 'removeEntry', entry: { ...echo, path: '/etc/shadow' } },
      'superserver.unreadable',
    ],
    [
      'a word that cannot stand',
      { kind: 'editEntry', entry: echo, set: { user: 'no body' } },
      'superserver.cannotStand',
    ],
    [
      'a value that the daemon refuses',
      { kind: 'editEntry', entry: echo, set: { wait: 'perhaps' } },
      'superserver.takenOtherwise',
    ],
    [
      'a service that it does not have',
      { kind: 'editEntry', entry: echo, set: { service: 'finger' } },
      'superserver.inetdRefuses',
    ],
    ['nothing', { kind: 'editEntry', entry: echo, set: { user: 'root' } }, 'superserver.nothingToDo'],
    [
      'the port of another',
      { kind: 'addEntry', path, words: ['22', 'stream', 'tcp', 'nowait', 'root', '/bin/cat', 'cat'] },
      'superserver.portHeld',
    ],
  ] as const)('is refused: %s', (_, more, expected) => {
    expect(code(intent(more))).toBe(expected)
  })

  it('is refused where there is no inetd, and where nothing would prove it', () => {
    const enable = intent({ kind: 'enableServices', entries: [daytime] })
    expect(code(enable, state(FILE, { inetd: null }))).toBe('superserver.noInetd')
    expect(code(enable, state(FILE, { sockets: [{ ...socket(7, '', 0), holders: [] }] }))).toBe(
      'superserver.unseen',
    )
    expect(code(intent({ kind: 'fixLineEnds', path }))).toBe('superserver.absent')
  })

  it('tells xinetd once where xinetd reads the file', () => {
    const change = planned(
      intent({ kind: 'disableServices', entries: [echo] }),
      state(FILE, {}, { dialect: 'xinetd' }),
    )
    expect(change.parts[0]?.steps[1]).toMatchObject({ daemon: 'xinetd' })
  })
})
