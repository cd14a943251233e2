import type { Diagnostic } from '../diagnostic'
import { refuse, type Refusal } from '../refuse'
import type { SuperserverState } from '../state'
import type { Resolution, XinetdService } from './resolve'

/** What the daemon would make of a change that its author cannot have meant; null: nothing of the kind. */
export function unmeant(state: SuperserverState, before: Resolution, after: Resolution): Refusal | null {
  const unheard = newlyIgnored(before, after)
  if (unheard !== null) {
    const { attribute, value, ...params } = unheard.params
    const named = { attribute: attribute ?? '', value: value ?? '', cause: unheard.code }
    const { path, line } = unheard
    return refuse(state, 'superserver.wouldIgnore', { ...params, ...named, path, line })
  }
  const refused = newlyRefused(before, after)
  if (refused === null) return null
  const cause = refused.diagnostics.find(({ effect }) => effect === 'serviceRefused')
  return refuse(state, 'superserver.wouldRefuse', {
    service: refused.id,
    cause: cause?.code ?? '',
    path: refused.path,
    line: cause?.line ?? refused.line,
    ...cause?.params,
  })
}

/** A service that was not refused, and would be. What was refused before may stay so. */
function newlyRefused(before: Resolution, after: Resolution): XinetdService | null {
  const old = keyed(before)
  for (const [key, service] of keyed(after)) {
    if (service.state === 'refused' && old.get(key)?.state !== 'refused') return service
  }
  return null
}

/**
 * A line, or a word of it, that would be ignored in a service that runs, or in `defaults`: it was not so before, so the intent wrote
 * it. Not every bad value refuses its service: `disable = no` behind it takes that back, and the daemon runs on
 * without the line.
 */
function newlyIgnored(before: Resolution, after: Resolution): Diagnostic | null {
  const told = ({ effect }: Diagnostic) =>
    effect === 'lineIgnored' || effect === 'wordIgnored' || effect === 'serviceRefused'
  const newest = (known: readonly Diagnostic[], found: readonly Diagnostic[]): Diagnostic | null => {
    const now = found.filter(told)
    const one = now.find(({ code }) =>
      ['badValue', 'wrongCount', 'inlineComment', 'badAddress'].includes(code),
    )
    return now.length > known.filter(told).length ? (one ?? null) : null
  }
  const old = keyed(before)
  for (const [key, service] of keyed(after)) {
    if (service.state === 'refused') continue
    const found = newest(old.get(key)?.diagnostics ?? [], service.diagnostics)
    if (found !== null) return found
  }
  return newest(before.diagnostics, after.diagnostics)
}

/** By path, name and place among the file's services of that name: an edit may change ids and lines. */
function keyed({ services }: Resolution): ReadonlyMap<string, XinetdService> {
  const found = new Map<string, XinetdService>()
  const seen = new Map<string, number>()
  for (const service of services) {
    const name = JSON.stringify([service.path, service.name])
    const place = seen.get(name) ?? 0
    seen.set(name, place + 1)
    found.set(`${name}${place}`, service)
  }
  return found
}
