import { describe, expect, it } from 'vitest'
import type { XinetdDump } from '../../../probe/xinetd-dump'
import type { Change } from '../../change'
import { hostWith, image, noFailover, xinetdState } from '../fixtures.test-support'
import { superserverIntentSchema, type SuperserverIntent } from '../intent'
import { plan } from '../plan'
import { superserverProofSchema } from '../proof'
import { proofOfNow } from '../proof-of-now'
import type { GatheredFile, SuperserverState, XinetdState } from '../state'
import { isUndoable, planUndo } from '../undo'
import { redirectIn } from './file'
import { parseReport } from './report'
import { scriptOf, settingsIn } from './script'
import { isOfFailover, nameFor, pathsOf } from './settings'
import type { Watch } from './state'

const path = '/etc/xinetd.d/gate'
const text = `# candidates: 192.0.2.6 80, 192.0.2.7:8080
service gate
{
	type = UNLISTED
	socket_type = stream
	protocol = tcp
	port = 7001
	wait = no
	user = nobody
	redirect = 192.0.2.6 80
}
`
const name = 'wharfmaster-failover-gate'
const paths = pathsOf(name)
const service = { path, id: 'gate', occurrence: 0 }
const settings = { id: 'gate', path, pidfile: '/run/xinetd.pid', everySeconds: 5, fall: 3, rise: 5 as const }
const systemd = { version: 252, names: [], files: {} }
const state = (
  file = text,
  more: Partial<SuperserverState> = {},
  of: Partial<XinetdState> = {},
): SuperserverState => ({
  ...hostWith(xinetdState('includedir /etc/xinetd.d\n', { gate: file }, of)),
  systemd,
  ...more,
})
const intent = (more: object): SuperserverIntent =>
  superserverIntentSchema.parse({ capability: 'superserver', ...more })
const on = intent({ kind: 'watchRedirect', service, everySeconds: 5, fall: 3, rise: 5 })
const off = intent({ kind: 'unwatchRedirect', service })
const planned = (of: SuperserverState, what: SuperserverIntent): Change => {
  const answer = plan(of, what)
  if (!answer.ok) throw new Error(answer.problem.code)
  return answer.value
}
const codeOf = (of: SuperserverState, what = on): string => {
  const answer = plan(of, what)
  return answer.ok ? 'planned' : answer.problem.code
}
const stepsOf = (change: Change) => change.parts.flatMap(({ steps }) => steps)
const said = (change: Change) =>
  stepsOf(change).map((step) =>
    step.kind === 'daemon'
      ? [step.title.key, ...argsOf(step.command), argsOf(step.restore).at(-1)].join(' ')
      : 'path' in step
        ? `${step.kind} ${step.path}`
        : step.kind,
  )
const argsOf = (command: { readonly kind: string } & object): readonly string[] =>
  'args' in command && Array.isArray(command.args) ? command.args.map(String) : []
const timer = {
  id: `${name}.timer`,
  active: true,
  fileState: 'enabled',
  path: paths.timer,
  result: 'success',
}

/** The host with the files of a change. */
function after(of: SuperserverState, change: Change, watch: Partial<Watch> = {}): SuperserverState {
  const files: Record<string, GatheredFile> = {}
  for (const step of stepsOf(change))
    if (step.kind === 'create' || step.kind === 'write')
      files[step.path] = { kind: 'file', ...image(step.after.text), mode: step.after.mode }
  const script = files[paths.script]
  const found = {
    name,
    settings: script?.kind === 'file' ? settingsIn(script.text) : null,
    timer,
    service: null,
    report: null,
    ...watch,
  }
  return { ...of, failover: { ...of.failover, files, watches: [found] } }
}

describe('a redirection that changes by itself', () => {
  it('is a script and its timer in one change, by whose first round it is proved', () => {
    const change = planned(state(), on)
    expect(said(change)).toEqual([
      `create ${paths.script}`,
      `create ${paths.service}`,
      `create ${paths.timer}`,
      `failover.step.on ${name} ${paths.script} /etc/xinetd.d/.${name}.new on off`,
    ])
    const [script, , unit] = stepsOf(change)
    expect(script).toMatchObject({ after: { mode: 0o755, uid: 0, gid: 0, text: scriptOf(settings) } })
    expect(unit).toMatchObject({ after: { mode: 0o644 } })
    const [part] = change.parts
    const proof = superserverProofSchema.parse(part?.proof.expect)
    expect(proof).toMatchObject({ xinetd: null, systemd: null, failover: { name, by: 'systemd', on: true } })
    expect(proof.files.map((file) => file.path)).toEqual([paths.script, paths.service, paths.timer])
    expect(proofOfNow(state(), part?.steps ?? [])).toMatchObject({
      files: [{ digest: null }, { digest: null }, { digest: null }],
      failover: { on: false },
    })
    expect(part?.disturbs).toMatchObject([
      { degree: 'notice', what: { params: { service: 'gate', seconds: 5 } } },
    ])
  })

  it('is a line of cron where there is no systemd, and refused where no cron runs', () => {
    const bare = state(text, { systemd: null, failover: { ...noFailover, cron: true } })
    const change = planned(bare, on)
    expect(said(change)).toEqual([
      `create ${paths.script}`,
      `create ${paths.cron}`,
      `failover.step.on ${name} ${paths.script} /etc/xinetd.d/.${name}.new on off`,
    ])
    expect(stepsOf(change)[1]).toMatchObject({
      after: { text: expect.stringMatching(/^#.*\n\* \* \* \* \* root \/bin\/sh \S+ minute\n$/) as string },
    })
    expect(codeOf(state(text, { systemd: null }))).toBe('superserver.noScheduler')
  })

  it('is set anew, removed whole, and leads back by undo while its files are as they were left', () => {
    const first = planned(state(), on)
    const watched = after(state(), first)
    expect(codeOf(watched)).toBe('superserver.nothingToDo')
    const other = intent({ kind: 'watchRedirect', service, everySeconds: 5, fall: 3, rise: 'stay' })
    expect(said(planned(watched, other))).toEqual([
      `write ${paths.script}`,
      `failover.step.on ${name} ${paths.script} /etc/xinetd.d/.${name}.new on on`,
    ])
    const gone = planned(watched, off)
    expect(said(gone)).toEqual([
      `delete ${paths.script}`,
      `delete ${paths.service}`,
      `delete ${paths.timer}`,
      `failover.step.off ${name} ${paths.script} /etc/xinetd.d/.${name}.new off on`,
    ])
    expect(superserverProofSchema.parse(gone.parts[0]?.proof.expect).failover?.on).toBe(false)
    expect(isUndoable(first) && isUndoable(gone)).toBe(true)
    const undone = planUndo(watched, first)
    expect(undone.ok && said(undone.value)).toEqual(said(gone))
    const again = planUndo(state(), gone)
    expect(again.ok && said(again.value)).toEqual(said(first))
    const edited = after(state(), first)
    const files = {
      ...edited.failover.files,
      [paths.script]: { kind: 'file' as const, ...image('# mine\n') },
    }
    expect(planUndo({ ...edited, failover: { ...edited.failover, files } }, first)).toMatchObject({
      ok: false,
      problem: { code: 'change.conflict', params: { path: paths.script } },
    })
    expect(codeOf(state(), off)).toBe('superserver.notWatched')
  })

  it.each([
    ['superserver.fewCandidates', state(text.replace(', 192.0.2.7:8080', ', 192.0.2.6:80'))],
    ['superserver.notAlone', state(`${text}\n${text.replace('gate', 'other')}`)],
    ['superserver.notAlone', state(text.replace('redirect', '#'))],
    ['superserver.notAlone', state(text.replace('# candidates', '# CANDIDATES'))],
    ['superserver.notAlone', state(text.replace('\nservice', '\n\nservice'))],
    ['superserver.notAlone', state(text.replace(', 192', ', -o 1, 192'))],
    ['superserver.portUnknown', state(text.replace(':8080', ' nobody-knows'))],
    ['superserver.unknownService', state(text.replace('service gate', 'service other'))],
    ['superserver.noProber', state(text, { failover: { ...noFailover, prober: null } })],
    ['superserver.notRunning', state(text, {}, { daemon: null })],
    [
      'superserver.noPidfile',
      state(text, {}, { daemon: { pid: 1, startTime: '1', argv: ['xinetd'], pidfile: null } }),
    ],
    ['superserver.failoverTaken', state(text, { systemd: { ...systemd, names: [`${name}.service`] } })],
    [
      'superserver.failoverTaken',
      after(state(), planned(state(), on), { settings: { ...settings, path: '/etc/xinetd.d/another' } }),
    ],
  ] as const)('is refused: %s', (code, of) => {
    expect(codeOf(of)).toBe(code)
  })

  it('is refused for a file that a rename would take apart', () => {
    const plain = state()
    const broken = (more: object): SuperserverState => {
      const file = plain.xinetd?.files[path]
      if (plain.xinetd === null || file?.kind !== 'file') throw new Error('no file')
      return {
        ...plain,
        xinetd: { ...plain.xinetd, files: { ...plain.xinetd.files, [path]: { ...file, ...more } } },
      }
    }
    for (const more of [{ linkTarget: '../gate' }, { links: 2 }, { mounted: true }])
      expect(codeOf(broken(more))).toBe('superserver.notAlone')
  })

  it('keeps its file: no other edit takes it away, or makes it what the script cannot read', () => {
    const dump: XinetdDump = {
      version: '2.3.15.3',
      time: '',
      services: [
        {
          name: 'gate',
          id: 'gate',
          state: 'Active',
          protocol: 'tcp',
          port: 7001,
          attributes: {},
          running: 0,
        },
      ],
      defaults: {},
      servers: [],
      configuration: null,
    }
    const told = state(text, {}, { dump })
    const watched = after(told, planned(told, on))
    const edits = [
      { kind: 'deleteService', service },
      { kind: 'renameService', service, name: 'door', path: '/etc/xinetd.d/door' },
      { kind: 'renameService', service, name: 'door', path },
      { kind: 'editService', service, set: { redirect: ['192.0.2.7', '8080', '1'] } },
    ]
    for (const edit of edits) expect(codeOf(watched, intent(edit))).toBe('superserver.watched')
    const led = intent({ kind: 'editService', service, set: { redirect: ['192.0.2.7', '8080'] } })
    expect(codeOf(watched, led)).toBe('planned')
  })
})

describe('names of its files', () => {
  it('are safe for files, units and cron, and apart from each other', () => {
    const ids = [
      'gate',
      'Gate',
      'gate.',
      '../gate',
      'ga te',
      '入口',
      '入囗',
      "a'b",
      'x'.repeat(90),
      'a/b',
      'a_b',
      'a-b',
    ]
    const names = ids.map(nameFor)
    expect(new Set(names).size).toBe(ids.length)
    for (const one of names) {
      expect(one).toMatch(/^wharfmaster-failover-[A-Za-z0-9-][A-Za-z0-9_-]{0,60}$/)
      expect(Object.values(pathsOf(one)).every(isOfFailover)).toBe(true)
    }
    expect(isOfFailover('/etc/cron.d/other')).toBe(false)
    expect(isOfFailover(`/etc/systemd/system/${name}.socket`)).toBe(false)
  })
})

describe('what a script was told', () => {
  it('is read back from it, whatever the names hold; of others nothing is', () => {
    const odd = { ...settings, id: `it's $(id) "x"`, path: "/etc/xinetd.d/it's`", rise: 'stay' as const }
    expect(settingsIn(scriptOf(odd))).toEqual(odd)
    expect(settingsIn(scriptOf(settings))).toEqual(settings)
    expect(scriptOf(odd)).toContain(`service='it'\\''s $(id) "x"'\n`)
    expect(settingsIn('#!/bin/sh\nservice=gate\n')).toBeNull()
  })
})

describe('what it says of its rounds', () => {
  it('is read, and what is none is nothing', () => {
    expect(
      parseReport(
        'round 1795430400\nactive 192.0.2.7/8080\nfailed 2\ngood  192.0.2.6/80=2 192.0.2.5/80=0 \nswitched 1795430100 192.0.2.6/80 192.0.2.7/8080\ntrouble \n',
      ),
    ).toEqual({
      roundAt: 1795430400,
      active: { host: '192.0.2.7', port: '8080' },
      failed: 2,
      good: [{ target: { host: '192.0.2.6', port: '80' }, rounds: 2 }],
      switched: {
        at: 1795430100,
        from: { host: '192.0.2.6', port: '80' },
        to: { host: '192.0.2.7', port: '8080' },
      },
      trouble: null,
    })
    expect(parseReport('round 1\nactive \nfailed 0\ngood  \nswitched \ntrouble file\n')).toMatchObject({
      active: null,
      switched: null,
      trouble: 'file',
    })
    expect(parseReport('')).toBeNull()
    expect(redirectIn('')).toBeNull()
  })
})
