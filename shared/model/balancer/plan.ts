import ipaddr from 'ipaddr.js'
import { assertNever } from '../../assert-never'
import { fail, ok, type Answer } from '../../contract/answer'
import { problem, type ProblemCode } from '../../contract/problem'
import { endpoint, serverKey, serviceArgs, serviceKey } from '../../probe/ipvsadm'
import type { Change, Command, Disturbance, RuntimeStep } from '../change'
import type { BalancerIntent } from './intent'
import type { BalancerProof } from './proof'
import type { BalancerState, RealServer, VirtualService } from './state'

const methodFlag = { masq: '-m', route: '-g', tunnel: '-i', local: '-m' } as const

/**
 * What has to be done on a director for an intent: pure, so the same state and intent give the same change.
 * Problems: balancer.unavailable, .owned, .unknownService, .unknownServer, .serverExists, .nothingToDo,
 * .mixedFamilies, .portDiffers, .thresholds.
 */
export function plan(state: BalancerState, intent: BalancerIntent): Answer<Change> {
  const refuse = (code: ProblemCode, params: Readonly<Record<string, string | number>> = {}) =>
    fail(problem(code, params, { host: state.host }))

  if (state.ipvs !== 'ready') return refuse('balancer.unavailable', { why: state.ipvs })
  if (state.owner !== null)
    return state.owner.kind === 'keepalived'
      ? refuse('balancer.ownedByKeepalived', { pid: state.owner.pid, file: state.owner.configuration })
      : refuse('balancer.ownedByKubeProxy')

  const name = canonicalService(intent.service)
  const service = state.services.find(({ key }) => key === serviceKey(name))
  if (service === undefined) return refuse('balancer.unknownService', { service: serviceKey(name) })
  const place = { address: canonical(intent.server.address), port: intent.server.port }
  const key = serverKey(service.key, place)
  const server = service.servers.find((other) => other.key === key)
  const where = { server: endpoint(place.address, place.port), service: titleOf(service) }

  const back: Back = { capability: 'balancer', reason: '', service: intent.service, server: intent.server }

  switch (intent.kind) {
    case 'addServer': {
      if (server !== undefined) return refuse('balancer.serverExists', where)
      if (intent.lower > intent.upper) return refuse('balancer.thresholds', where)
      const mixed = isV6(place.address) !== familyIsV6(service)
      if (mixed && intent.forwarding !== 'tunnel') return refuse('balancer.mixedFamilies', where)
      // ipvsadm replaces a differing port in silence: ip_vs only rewrites ports when it masquerades.
      if (intent.forwarding !== 'masq' && service.name.kind === 'address' && place.port !== service.name.port)
        return refuse('balancer.portDiffers', { ...where, port: service.name.port })
      const wanted = {
        key,
        forwarding: intent.forwarding,
        weight: intent.weight,
        upper: intent.upper,
        lower: intent.lower,
      }
      return ok(
        changeOf(state, intent, 'balancer.change.add', where, {
          set: argv('-a', service, where.server, options(wanted)),
          restore: argv('-d', service, where.server, []),
          proof: { present: [wanted], absent: [] },
          disturbs: [],
          undo: { ...back, kind: 'removeServer' },
        }),
      )
    }
    case 'setWeight':
    case 'drain': {
      if (server === undefined) return refuse('balancer.unknownServer', where)
      const weight = intent.kind === 'drain' ? 0 : intent.weight
      if (server.weight === weight) return refuse('balancer.nothingToDo', where)
      return ok(
        changeOf(
          state,
          intent,
          intent.kind === 'drain' ? 'balancer.change.drain' : 'balancer.change.weight',
          { ...where, weight, before: server.weight },
          {
            set: argv('-e', service, where.server, options({ ...server, weight })),
            restore: argv('-e', service, where.server, options(server)),
            proof: { present: [expected({ ...server, weight })], absent: [] },
            disturbs: weight === 0 ? drained(service, server, where) : [],
            undo: { ...back, kind: 'setWeight', weight: server.weight },
          },
        ),
      )
    }
    case 'removeServer': {
      if (server === undefined) return refuse('balancer.unknownServer', where)
      return ok(
        changeOf(state, intent, 'balancer.change.remove', where, {
          set: argv('-d', service, where.server, []),
          restore: argv('-a', service, where.server, options(server)),
          proof: { present: [], absent: [key] },
          disturbs: removed(service, server, where),
          undo: addedAgain(back, server),
        }),
      )
    }
    default:
      return assertNever(intent)
  }
}

type Back = Pick<BalancerIntent, 'capability' | 'reason' | 'service' | 'server'>

/** null: an intent has no words for a tunnel's type and port, nor for a server that is the director itself. */
function addedAgain(
  back: Back,
  { forwarding, weight, upper, lower, tunnel }: RealServer,
): BalancerIntent | null {
  if (forwarding === 'local' || tunnel.length > 0) return null
  return { ...back, kind: 'addServer', forwarding, weight, upper, lower }
}

interface Parts {
  readonly set: Command
  readonly restore: Command
  readonly proof: BalancerProof
  readonly disturbs: readonly Disturbance[]
  /** The intent that leads back; null: it cannot be said in one. */
  readonly undo: BalancerIntent | null
}

function changeOf(
  state: BalancerState,
  intent: BalancerIntent,
  key: string,
  params: Readonly<Record<string, string | number>>,
  { set, restore, proof, disturbs, undo }: Parts,
): Change {
  const step: RuntimeStep = {
    kind: 'runtime',
    title: { key, params },
    capture: { kind: 'argv', argv: ['ipvsadm', '-Sn'] },
    set,
    restore,
  }
  const notSaved: Disturbance = {
    what: { key: 'balancer.disturb.notAtBoot', params: {} },
    degree: 'notice',
    subject: String(params['service'] ?? ''),
    sessions: [],
  }
  return {
    title: { key, params },
    reason: intent.reason,
    intent,
    ...(undo === null ? {} : { undo }),
    parts: [
      {
        host: state.host,
        steps: [step],
        disturbs: [...disturbs, notSaved],
        proof: { capability: 'balancer', expect: proof },
      },
    ],
  }
}

function argv(action: string, service: VirtualService, server: string, more: readonly string[]): Command {
  return { kind: 'argv', argv: ['ipvsadm', action, ...serviceArgs(service.name), '-r', server, ...more] }
}

type Described = Pick<RealServer, 'forwarding' | 'weight' | 'upper' | 'lower'> &
  Partial<Pick<RealServer, 'tunnel'>>

/** All of a server's options: what is left out of an edit, ipvsadm sets to its default. */
function options({ forwarding, weight, upper, lower, tunnel }: Described): readonly string[] {
  return [
    methodFlag[forwarding],
    '-w',
    String(weight),
    '-x',
    String(upper),
    '-y',
    String(lower),
    ...(tunnel ?? []),
  ]
}

function expected({ key, forwarding, weight, upper, lower }: Described & { readonly key: string }) {
  return { key, forwarding, weight, upper, lower }
}

type Where = { readonly server: string; readonly service: string }

function drained(service: VirtualService, server: RealServer, where: Where): readonly Disturbance[] {
  const left = service.servers.filter((other) => other.key !== server.key && other.weight > 0)
  if (left.length > 0) return []
  return [
    {
      what: { key: 'balancer.disturb.noneLeft', params: where },
      degree: 'outage',
      subject: where.service,
      sessions: [],
    },
  ]
}

function removed(service: VirtualService, server: RealServer, where: Where): readonly Disturbance[] {
  const ends: readonly Disturbance[] =
    server.active + server.inactive === 0
      ? []
      : [
          {
            what: { key: 'balancer.disturb.removed', params: { ...where, active: server.active } },
            degree: 'sessions',
            subject: where.server,
            sessions: [],
          },
        ]
  return [...ends, ...drained(service, server, where)]
}

/** How people name a virtual service: `tcp 198.18.0.5:80`, `mark 7`. */
export function titleOf({ name }: Pick<VirtualService, 'name'>): string {
  return name.kind === 'mark'
    ? `mark ${name.mark}${name.ipv6 ? ' IPv6' : ''}`
    : `${name.protocol} ${endpoint(name.address, name.port)}`
}

function canonicalService(name: BalancerIntent['service']): BalancerIntent['service'] {
  return name.kind === 'mark' ? name : { ...name, address: canonical(name.address) }
}

/** As the kernel prints it: `fd00::1`, never `FD00:0::1`; and `10.0.0.1`, never `010.0.0.1`. */
function canonical(address: string): string {
  return ipaddr.parse(address).toString()
}

const isV6 = (address: string): boolean => address.includes(':')

function familyIsV6({ name }: VirtualService): boolean {
  return name.kind === 'mark' ? name.ipv6 : isV6(name.address)
}
