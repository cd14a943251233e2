import type { XinetdProof } from '../proof'
import type { XinetdState } from '../state'
import { judgeRedirect, redirectOf, type RedirectTarget } from './redirect-proof'
import type { Resolution, XinetdService } from './resolve'
import { intOf } from './values'

/**
 * What the daemon and the host must say when the change has been taken up. What the files do not speak of
 * (`-inetd_compat` takes services from inetd.conf) is not asked, nor is a service that did not run before though
 * its file says so, and that the change leaves as it is. null: it does not run, so it can say nothing.
 */
export function proofOf(before: XinetdState, was: Resolution, after: Resolution): XinetdProof | null {
  const { daemon, dump } = before
  if (daemon === null) return null
  const enabled = after.services.filter(({ state }) => state === 'enabled')
  const active = new Set(dump?.services.filter(({ state }) => state === 'Active').map(dumpKey))
  const broken = new Set(
    dump === null ? [] : was.services.filter((service) => !active.has(dumpKey(service))).map(sameness),
  )
  const running = enabled.filter((service) => !broken.has(sameness(service)))
  const stale = new Set(was.services.filter((service) => leadsElsewhere(before, service)).map(sameness))
  const known = new Set(was.services.map(({ id }) => id))
  const ours = dump?.services.filter(({ id }) => known.has(id)) ?? []
  const others = dump?.services.filter(({ id }) => !known.has(id)) ?? []
  const coming = new Set(enabled.map(({ id }) => id))
  const ports = new Set([...enabled, ...others].map(portKey))
  return {
    daemon: { pid: daemon.pid, startTime: daemon.startTime },
    defaults: dumpedDefaults(after),
    running: running.map((service) => ({
      id: service.id,
      protocol: service.protocol,
      port: service.port,
      attributes: dumpedAttributes(service),
      redirect: stale.has(sameness(service)) ? null : asked(redirectOf(service, before.names)),
    })),
    absent: ours.filter(({ id }) => !coming.has(id)).map(({ id }) => id),
    listening: running.flatMap(portOf),
    silent: ours.filter((service) => !ports.has(portKey(service))).flatMap(portOf),
  }
}

/** What the daemon does not do now is not asked of it of a service that the change leaves as it is. */
function leadsElsewhere({ dump, names, lookups }: XinetdState, service: XinetdService): boolean {
  const target = redirectOf(service, names)
  const dumped = dump?.services.find((one) => dumpKey(one) === dumpKey(service))
  if (target === null || dumped === undefined) return false
  return judgeRedirect(target, dumped.attributes['Redirect'], lookups) === 'other'
}

const asked = (target: RedirectTarget | null): { host: string; port: number | null } | null =>
  target === null ? null : { ...target }

function dumpKey(service: Ported & { readonly id: string }): string {
  return `${service.id} ${portKey(service)}`
}

/** Equal for a service that a change leaves as it is. */
function sameness({ id, state, settings }: XinetdService): string {
  return JSON.stringify([id, state, Object.entries(settings).map(([name, { values }]) => [name, values])])
}

type Ported = { readonly protocol: string | null; readonly port: number | null }

function portKey({ protocol, port }: Ported): string {
  return `${protocol ?? ''}/${port ?? ''}`
}

function portOf({
  protocol,
  port,
}: Ported): readonly { readonly protocol: 'tcp' | 'udp'; readonly port: number }[] {
  return port !== null && (protocol === 'tcp' || protocol === 'udp') ? [{ protocol, port }] : []
}

/** Attributes that the dump says in words that follow from the file alone (sconf.c, sc_dump). */
function dumpedAttributes({ settings }: XinetdService): Record<string, string> {
  const attributes: Record<string, string> = {}
  const wait = settings['wait']?.values[0]
  if (wait !== undefined) attributes['wait'] = wait
  const { instances, cps, nice } = settings
  if (instances?.origin === 'own') attributes['Instances'] = numeral(instances.values[0])
  if (nice !== undefined) attributes['Nice'] = numeral(nice.values[0])
  if (cps?.origin === 'own') attributes['CPS'] = ratePrinted(cps.values)
  return attributes
}

/** What services inherit is said under `defaults` alone. */
function dumpedDefaults({ defaults: { instances, cps } }: Resolution): Record<string, string> {
  return {
    ...(instances === undefined ? {} : { Instances: numeral(instances.values[0]) }),
    ...(cps === undefined ? {} : { CPS: ratePrinted(cps.values) }),
  }
}

function ratePrinted([rate, wait]: readonly string[]): string {
  return `max conn:${unsigned(rate)} wait:${unsigned(wait)}`
}

/** As the daemon prints what it made of the word. */
function numeral(text = ''): string {
  return String(intOf(text) ?? text)
}

function unsigned(text = ''): string {
  return String((intOf(text) ?? 0) >>> 0)
}
