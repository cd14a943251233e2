import { commentOf, idOf, xinetd } from '../../../lens/xinetd'
import type { Drafts } from '../drafts'
import { fileIn } from '../files'
import type { ServiceRef, SuperserverIntent } from '../intent'
import { refuse, type Refusal } from '../refuse'
import type { SuperserverState, XinetdState } from '../state'
import { nodeOf } from '../xinetd/edit'
import { candidatesIn, isSameTarget, type Target } from '../xinetd/redirect'
import { redirectIn } from './file'
import { scheduleOf, type Scheduler } from './schedule'
import { scriptOf } from './script'
import { nameFor, pathsOf } from './settings'
import { watchOf } from './state'

type Watching = Extract<SuperserverIntent, { kind: 'watchRedirect' }>

/** A script that leads the redirection elsewhere when its target does not answer, and what has it run. */
export function watchRedirect(
  state: SuperserverState,
  { daemon }: XinetdState,
  drafts: Drafts,
  { service, everySeconds, fall, rise }: Watching,
): Refusal | null {
  const unfit = cannotBeWatched(state, service)
  if (unfit !== null) return unfit
  const { failover } = state
  if (failover.prober === null) return refuse(state, 'superserver.noProber')
  if (daemon === null) return refuse(state, 'superserver.notRunning', { name: 'xinetd' })
  if (daemon.pidfile === null) return refuse(state, 'superserver.noPidfile', { pid: daemon.pid })
  const by = schedulerOf(state)
  if (by === null) return refuse(state, 'superserver.noScheduler')
  const name = nameFor(service.id)
  const taken = takenBy(state, name, service)
  if (taken !== null) return refuse(state, 'superserver.failoverTaken', { path: taken })
  const { id, path } = service
  const script = scriptOf({ id, path, pidfile: daemon.pidfile, everySeconds, fall, rise })
  drafts.create(pathsOf(name).script, script, 0o755)
  for (const file of scheduleOf(by, name, everySeconds)) drafts.create(file.path, file.text)
  return null
}

/** All that is there of it goes; the redirection stays where it leads. */
export function unwatchRedirect(
  state: SuperserverState,
  drafts: Drafts,
  service: ServiceRef,
): Refusal | null {
  const watch = watchOf(state, service)
  if (watch === null) return refuse(state, 'superserver.notWatched', { service: service.id })
  for (const path of Object.values(pathsOf(watch.name)))
    if (fileIn(state, path)?.kind === 'file') drafts.remove(path)
  return null
}

export function schedulerOf({ systemd, failover }: SuperserverState): Scheduler | null {
  if (systemd !== null) return 'systemd'
  return failover.cron ? 'cron' : null
}

/** The script reads and writes the service's own file, so that has to be what it can read. */
function cannotBeWatched(state: SuperserverState, service: ServiceRef): Refusal | null {
  const { id, path } = service
  const file = fileIn(state, path)
  if (file?.kind !== 'file') return refuse(state, 'superserver.unreadable', { path })
  const document = xinetd.parse(file.text)
  const at = nodeOf(document, service)
  if (at === null) return refuse(state, 'superserver.unknownService', { service: id, path })
  const said = redirectIn(file.text)
  const isPlain = file.linkTarget === null && file.links === 1 && !file.mounted
  const above = candidatesIn(commentOf(document, at).map(({ text }) => text))
  if (said === null || !isPlain || !areSame(said.candidates, above))
    return refuse(state, 'superserver.notAlone', { service: id, path })
  const { candidates } = said
  const [first] = candidates
  if (first === undefined || candidates.every((one) => isSameTarget(one, first)))
    return refuse(state, 'superserver.fewCandidates', { service: id })
  const names = state.xinetd?.names.services ?? null
  const odd = candidates.find(
    ({ port }) =>
      !/^\d+$/.test(port) &&
      names?.some((known) => known.name === port && known.protocol === 'tcp') === false,
  )
  return odd === undefined ? null : refuse(state, 'superserver.portUnknown', { port: odd.port })
}

function areSame(a: readonly Target[], b: readonly Target[]): boolean {
  return a.length === b.length && a.every((one, at) => b[at] !== undefined && isSameTarget(one, b[at]))
}

/** A path of that name which is not this service's; null: there is none. */
function takenBy(state: SuperserverState, name: string, { id, path }: ServiceRef): string | null {
  const settings = state.failover.watches.find((watch) => watch.name === name)?.settings ?? null
  if (settings?.id === id && settings.path === path) return null
  const { files } = state.failover
  const file = Object.values(pathsOf(name)).find(
    (one) => files[one] !== undefined && files[one].kind !== 'missing',
  )
  if (file !== undefined) return file
  return state.systemd?.names.find((unit) => unit === `${name}.service` || unit === `${name}.timer`) ?? null
}

/** A script whose file an edit would take away, or make what it cannot read. */
export function leftBehind(before: SuperserverState, after: SuperserverState): Refusal | null {
  for (const { settings } of before.failover.watches) {
    if (settings === null) continue
    const can = (state: SuperserverState): boolean => {
      const file = fileIn(state, settings.path)
      if (file?.kind !== 'file' || redirectIn(file.text) === null) return false
      return xinetd
        .parse(file.text)
        .nodes.some((node) => node.kind === 'service' && idOf(node) === settings.id)
    }
    if (can(before) && !can(after)) return refuse(before, 'superserver.watched', { service: settings.id })
  }
  return null
}
