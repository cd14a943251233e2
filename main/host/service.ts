import { fail, ok, type Answer } from '../../shared/contract/answer'
import type { EventName, Events } from '../../shared/contract/event'
import type { Handlers, MethodsAt } from '../../shared/contract'
import { problem, type Problem } from '../../shared/contract/problem'
import type { Profile } from '../../shared/contract/profile'
import type { Settings } from '../../shared/contract/settings'
import type { StreamName } from '../../shared/contract/stream'
import { connect, openKnownHosts, readSshConfig, type Environment, type SshConfig } from '../ssh'
import { openHistory, type History } from '../store/history'
import { openProfiles } from '../store/profiles'
import { capabilities } from '../capability'
import { serviceLog } from '../capability/superserver'
import { openStreamOn } from '../capability/streams'
import { ChangeEngine } from './change/engine'
import { changeLog, Settling } from './change/log'
import { ConnectedHost } from './connected-host'
import { QuestionDesk } from './questions'
import { proposalsOf } from './proposals'
import { routeTo, sameWay } from './route'
import type { StreamPort } from './stream-port'
import { talkTo } from './talk'

export interface HostServiceDeps {
  /** The app's data folder. */
  readonly userData: string
  readonly environment: Environment
  readonly settings: () => Settings
  readonly emit: <N extends EventName>(name: N, payload: Events[N]) => void
  /** One line, no secrets. */
  readonly log: (line: string) => void
  /** How long a daemon may take until it shows what was changed. Default 5 s. */
  readonly proofPatienceMs?: number
}

export interface HostService {
  readonly handlers: Handlers<MethodsAt<'host'>>
  /** Answers on the port itself, with `opened` or `end`. */
  openStream(name: StreamName, params: unknown, port: StreamPort): void
  /** Tells it that `settings()` answers something else now. */
  settingsChanged(): void
  /** Closes every connection. */
  dispose(): Promise<void>
}

/** All that the host process does. Knows neither electron nor where its answers go. */
export function createHostService(deps: HostServiceDeps): HostService {
  const { emit, log } = deps
  const profiles = openProfiles(deps.userData)
  const questions = new QuestionDesk(emit)
  const knownHosts = openKnownHosts(deps.environment)
  const hosts = new Map<string, ConnectedHost>()

  // Read anew each time: the user edits it beside the app.
  const sshConfig = async (): Promise<Answer<SshConfig>> => {
    try {
      return ok(await readSshConfig(deps.environment))
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error)
      return fail(problem('host.sshConfigUnreadable', { folder: '~/.ssh' }, { detail }))
    }
  }
  const find = (id: string): Answer<ConnectedHost> => {
    const known = hosts.get(id)
    if (known !== undefined) return ok(known)
    const first = profiles.find(id)
    if (first === undefined) return fail(problem('app.notFound', { what: id }))
    const profile = () => profiles.find(id) ?? first
    const host = new ConnectedHost({
      profile,
      asker: questions,
      privilegeMinutes: () => deps.settings().privilegeMinutes,
      part: (name) => capabilities.find((capability) => capability.name === name)?.part,
      partChanged: (part, snapshot) => emit('part.changed', { host: id, part, snapshot }),
      readOnly: () => deps.settings().readOnly || profile().readOnly,
      route: async () => {
        const config = await sshConfig()
        return config.ok ? routeTo(profile(), profiles.find, config.value) : config
      },
      connect: (route) => connect(route, { asker: questions, knownHosts, env: deps.environment, log }),
      changed: (status) => {
        emit('host.changed', status)
        if (status.state.kind === 'up') void settling.contact(id)
      },
      log,
    })
    hosts.set(id, host)
    return ok(host)
  }
  const on = async <T>(id: string, act: (host: ConnectedHost) => Promise<Answer<T>> | Answer<T>) => {
    const host = find(id)
    return host.ok ? act(host.value) : host
  }

  const support = (name: string) =>
    capabilities.map(({ change }) => change).find((change) => change?.capability === name)
  const history: History = openHistory(
    deps.userData,
    (change) => (support(change.parts[0]?.proof.capability ?? '')?.undo(change) ?? null) !== null,
    {
      changed: (entry) => emit('history.changed', entry),
      dropped: (id) => emit('history.dropped', { id }),
    },
    log,
  )
  const { user, hostname } = deps.environment
  const by = `${user}@${hostname}`
  const engine = new ChangeEngine({
    host: find,
    support,
    history: changeLog(history, by),
    by,
    progress: (progress) => emit('change.progress', progress),
    touched: (id) => hosts.get(id)?.parts.readAll(),
    log,
    ...(deps.proofPatienceMs === undefined ? {} : { proofPatienceMs: deps.proofPatienceMs }),
  })
  const settling = new Settling(engine, history, log)

  const busy = (ids: readonly string[]): Problem | null => {
    const id = ids.find((one) => engine.busy(one))
    if (id === undefined) return null
    return problem('change.busy', {}, { host: profiles.find(id)?.name ?? id })
  }
  /** Ids of the hosts that one profile's change leads elsewhere: its own, and those that are reached through it. */
  const movedBy = (id: string, to: Profile | undefined): readonly string[] => {
    const before = new Map(profiles.list().map((one) => [one.id, one]))
    const after = new Map(before)
    if (to === undefined) after.delete(id)
    else after.set(id, to)
    const find = (list: ReadonlyMap<string, Profile>) => (other: string) => list.get(other)
    return [...before.keys()].filter((other) => !sameWay(other, find(before), find(after)))
  }
  /** What was shown and signed in to is not what these ids mean now. */
  const leave = (ids: readonly string[]): void => {
    for (const id of ids) {
      engine.forget(id)
      hosts.get(id)?.disconnect()
    }
  }

  const handlers: HostService['handlers'] = {
    'profile.list': () => ok(profiles.list()),
    'profile.storeProblem': () => ok(profiles.problem),
    'profile.save': ({ profile }) => {
      const next = withAlias(profile, profiles.find(profile.id))
      const moved = movedBy(profile.id, next)
      const refusal = busy(moved)
      if (refusal !== null) return fail(refusal)
      const saved = profiles.save(next)
      if (saved.ok) {
        leave(moved)
        emit('profile.changed', profiles.list())
        hosts.get(profile.id)?.announce()
      }
      return saved
    },
    'profile.remove': ({ id }) => {
      const moved = movedBy(id, undefined)
      const refusal = busy([id, ...moved])
      if (refusal !== null) return fail(refusal)
      const removed = profiles.remove(id)
      if (!removed.ok) return removed
      leave([id, ...moved])
      hosts.delete(id)
      emit('profile.changed', profiles.list())
      emit('host.removed', { id })
      return removed
    },
    'profile.proposals': async () => {
      const config = await sshConfig()
      return config.ok ? ok(proposalsOf(config.value, profiles.list())) : config
    },
    'host.statuses': () =>
      ok(
        profiles.list().flatMap(({ id }) => {
          const host = find(id)
          return host.ok ? [host.value.status()] : []
        }),
      ),
    'host.connect': ({ host }) => on(host, (it) => it.connect()),
    'host.disconnect': ({ host }) =>
      on(host, (it) => {
        const refusal = busy([host])
        if (refusal !== null) return fail(refusal)
        it.disconnect()
        return ok(null)
      }),
    'host.unlock': ({ host, minutes }) => on(host, (it) => it.unlock(minutes)),
    'host.lock': ({ host }) => on(host, (it) => ok(it.lock())),
    'host.talk': (wish) =>
      on(wish.host, (it) => {
        const { from } = wish
        if (from?.kind === 'here') return talkTo(it, { kind: 'here', name: deps.environment.hostname }, wish)
        return on(from?.host ?? wish.host, (source) => talkTo(it, { kind: 'host', host: source }, wish))
      }),
    'host.serviceLog': ({ host, service }) => on(host, (it) => serviceLog(it, service)),
    'part.open': ({ host, part }) => on(host, (it) => it.parts.open(part)),
    'part.refresh': ({ host, part }) => on(host, (it) => it.parts.refresh(part)),
    'part.close': ({ host, part }) =>
      on(host, (it) => {
        it.parts.close(part)
        return ok(null)
      }),
    'change.plan': ({ host, intent }) => engine.plan(host, intent),
    'change.apply': ({ id, digest, confirm }) => engine.apply(id, digest, confirm),
    'change.confirm': ({ id }) => (engine.confirm(id) ? ok(null) : fail(problem('change.notAwaited'))),
    'change.cancel': ({ id }) => {
      engine.cancel(id)
      return ok(null)
    },
    'change.export': ({ id, digest }) => engine.exported(id, digest),
    'change.discard': ({ id }) => {
      engine.discard(id)
      return ok(null)
    },
    'history.list': (query) => ok(history.list(query)),
    'history.get': ({ id }) => {
      const found = history.find(id)
      return found === undefined
        ? fail(problem('app.notFound', { what: id }))
        : ok({ ...found.detail, making: engine.making(id) })
    },
    'history.undo': ({ id }) => {
      const found = history.find(id)
      if (found === undefined) return fail(problem('app.notFound', { what: id }))
      return found.detail.undoable ? engine.planUndo(id, found.change) : fail(problem('change.notUndoable'))
    },
    'history.resume': async ({ id }) => {
      const found = history.find(id)
      if (found?.detail.outcome?.kind !== 'halfConfirmed') return fail(problem('change.notAwaited'))
      const outcome = await engine.settle(id, found.change, found.detail.outcome, true)
      if (outcome === null) return fail(problem('host.notConnected'))
      history.ended(id, outcome)
      return ok(outcome)
    },
    'question.list': () => ok(questions.list()),
    'question.answer': ({ id, answer }) => questions.answer(id, answer),
  }

  return {
    handlers,
    openStream(name, params, port) {
      openStreamOn(name, params, port, (id) => {
        const host = find(id)
        return host.ok ? host.value : null
      })
    },
    settingsChanged() {
      for (const host of hosts.values()) host.announce()
    },
    dispose() {
      questions.dispose()
      settling.dispose()
      for (const host of hosts.values()) {
        host.parts.dispose()
        host.disconnect()
      }
      return Promise.resolve()
    },
  }
}

/** The form does not show the alias; it stays while the host is the same. */
function withAlias(profile: Profile, old: Profile | undefined): Profile {
  if (profile.alias !== undefined || old?.alias === undefined || old.address !== profile.address)
    return profile
  return { ...profile, alias: old.alias }
}
