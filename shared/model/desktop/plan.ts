import { assertNever } from '../../assert-never'
import { fail, ok, type Answer } from '../../contract/answer'
import { problem, type ProblemCode } from '../../contract/problem'
import { atLeast } from '../../probe/vnc-version'
import type { Change, Command, Disturbance, Phrase, Step } from '../change'
import { displayOf, lowestFreeDisplay, obstacleTo, rfbBase } from './displays'
import type { DesktopIntent, StartIntent, StopIntent } from './intent'
import type { DesktopProof } from './proof'
import { makePasswordScript, startScript, stopScript, takeBackScript } from './scripts'
import type { DesktopState, Endpoint, VncDisplay } from './state'

/** `-rfbunixpath` came with TigerVNC 1.9 (release notes, 2018). */
const unixSocketSince = [1, 9]
/** sun_path of unix(7) is 108 bytes with its NUL. */
const longestSocketPath = 107

/** Pure: what an intent makes of the host as it was read. */
export function plan(state: DesktopState, intent: DesktopIntent): Answer<Change> {
  switch (intent.kind) {
    case 'start':
      return planStart(state, intent)
    case 'stop':
      return planStop(state, intent)
    default:
      return assertNever(intent)
  }
}

/** Whether this host's server can listen on a Unix socket in place of a port. */
export function canBePrivate({ software: { server }, login }: DesktopState): boolean {
  return (
    server !== null &&
    server.product === 'TigerVNC' &&
    atLeast(server.version, unixSocketSince) &&
    privatePath(login.folder, 99).length <= longestSocketPath
  )
}

const privatePath = (folder: string, display: number): string => `${folder}/display-${display}.sock`

function planStart(state: DesktopState, intent: StartIntent): Answer<Change> {
  const { starter, server, passwordTool } = state.software
  if (server === null) return refuse(state, 'desktop.noServer')
  if (starter === null) return refuse(state, 'desktop.noStarter', { server: server.path })
  const display = intent.display ?? lowestFreeDisplay(state)
  if (display === null) return refuse(state, 'desktop.noneFree')
  const obstacle = obstacleTo(state, display)
  switch (obstacle?.kind) {
    case undefined:
      break
    case 'running':
      return refuse(state, 'desktop.displayTaken', { display, program: obstacle.program, pid: obstacle.pid })
    case 'staleLock':
    case 'staleSocket':
      return refuse(state, 'desktop.displayStale', { display, path: obstacle.path })
    case 'port':
      return refuse(state, 'desktop.portTaken', { display, port: obstacle.port })
    default:
      return assertNever(obstacle)
  }
  const isPrivate = intent.access === 'private' || (intent.access === 'auto' && canBePrivate(state))
  if (isPrivate && !canBePrivate(state)) return refuse(state, 'desktop.noUnixSocket', { server: server.path })
  const makesPassword = !isPrivate && !state.login.hasPassword
  if (makesPassword && passwordTool === null) return refuse(state, 'desktop.noPasswordTool')

  const { folder } = state.login
  const endpoint: Endpoint = isPrivate
    ? { kind: 'unix', path: privatePath(folder, display) }
    : { kind: 'tcp', address: '127.0.0.1', port: rfbBase + display }
  const access = isPrivate
    ? ['-rfbport', '-1', '-rfbunixpath', privatePath(folder, display), '-SecurityTypes', 'None']
    : ['-SecurityTypes', 'VncAuth']
  const size = `${intent.width}x${intent.height}`
  // The wrapper's -localhost wants its yes; TigerVNC's own, in older wrappers, passes it on bare.
  const localhost = starter.kind === 'debian' ? ['-localhost', 'yes'] : ['-localhost']
  const argv = [
    starter.path,
    `:${display}`,
    '-geometry',
    size,
    '-depth',
    String(intent.depth),
    ...(isPrivate && starter.kind === 'classic' ? [] : localhost),
    ...access,
  ]
  const nothing: Command = { kind: 'argv', argv: ['true'] }
  const steps: readonly Step[] = [
    ...(makesPassword && passwordTool !== null
      ? [
          {
            kind: 'runtime',
            title: { key: 'desktop.change.makePassword', params: { path: `${folder}/passwd` } },
            capture: nothing,
            set: { kind: 'script', script: makePasswordScript, args: [folder, passwordTool] },
            // Nobody else knows it, so a next start may use it as well.
            restore: nothing,
          } as const,
        ]
      : []),
    {
      kind: 'runtime',
      title: { key: 'desktop.change.start', params: { display } },
      capture: nothing,
      set: { kind: 'script', script: startScript, args: [folder, ...argv] },
      restore: { kind: 'script', script: takeBackScript, args: [starter.path, String(display)] },
    },
  ]
  const proof: DesktopProof = { kind: 'running', display, uid: state.login.uid, endpoint }
  const reach: Disturbance = {
    what: {
      key: isPrivate ? 'desktop.disturb.private' : 'desktop.disturb.localPort',
      params: reachParams(endpoint),
    },
    degree: 'notice',
    subject: `:${display}`,
    sessions: [],
  }
  return ok({
    title: { key: 'desktop.change.start', params: { display } },
    reason: intent.reason,
    // The number is chosen now, so that what is replayed is what was shown.
    intent: { ...intent, display },
    parts: [
      {
        host: state.host,
        need: 'none',
        steps,
        disturbs: [reach],
        proof: { capability: 'desktop', expect: proof },
      },
    ],
  })
}

function reachParams(endpoint: Endpoint): Phrase['params'] {
  return endpoint.kind === 'unix' ? { path: endpoint.path } : { port: endpoint.port }
}

function planStop(state: DesktopState, intent: StopIntent): Answer<Change> {
  const display = displayOf(state, intent.display)
  if (
    display === null ||
    display.pid !== intent.process.pid ||
    display.startTime !== intent.process.startTime
  )
    return refuse(state, 'desktop.gone', { display: intent.display })
  const own = display.owner.uid === state.login.uid
  if (!own && state.login.uid !== 0)
    return refuse(state, 'desktop.foreign', { display: display.number, owner: display.owner.name })
  if (display.model.kind === 'unit' && state.login.uid !== 0)
    return refuse(state, 'desktop.unit', { display: display.number, unit: display.model.unit })
  const proof: DesktopProof = {
    kind: 'gone',
    display: display.number,
    pid: display.pid,
    startTime: display.startTime,
    endpoint: display.endpoint,
  }
  const stop: Step = {
    kind: 'oneWay',
    title: { key: 'desktop.change.stop', params: { display: display.number } },
    command: {
      kind: 'script',
      script: stopScript,
      args: [String(display.pid), display.startTime, ...stopCommand(state, display, own)],
    },
  }
  return ok({
    title: { key: 'desktop.change.stop', params: { display: display.number } },
    reason: intent.reason,
    intent,
    parts: [
      {
        host: state.host,
        need: 'none',
        steps: [stop],
        disturbs: [programsEnd(display)],
        proof: { capability: 'desktop', expect: proof },
      },
    ],
  })
}

/** Whoever started it stops it: the wrapper and the unit clear up behind it. */
function stopCommand(state: DesktopState, display: VncDisplay, own: boolean): readonly string[] {
  const { starter } = state.software
  if (display.model.kind === 'unit') return ['systemctl', 'stop', display.model.unit]
  if (display.model.kind === 'wrapper' && own && starter !== null)
    return [starter.path, '-kill', `:${display.number}`]
  return ['kill', '-TERM', String(display.pid)]
}

function programsEnd(display: VncDisplay): Disturbance {
  const names = [...new Set(display.programs.map(({ name }) => name))].sort()
  return {
    what:
      names.length === 0
        ? { key: 'desktop.disturb.session', params: { display: display.number } }
        : {
            key: 'desktop.disturb.programs',
            params: { display: display.number, programs: names.join(', ') },
          },
    degree: 'sessions',
    subject: `:${display.number}`,
    sessions: display.viewers.map((peer) => ({ peer, pid: null, since: null })),
  }
}

function refuse(
  { host }: DesktopState,
  code: ProblemCode,
  params: Readonly<Record<string, string | number>> = {},
): ReturnType<typeof fail> {
  return fail(problem(code, params, { host }))
}
