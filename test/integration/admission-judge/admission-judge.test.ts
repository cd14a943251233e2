import { beforeAll, describe, expect, it } from 'vitest'
import { hostsAccess } from '../../../shared/lens/hosts-access'
import type { XinetdService } from '../../../shared/model/superserver'
import { resolve } from '../../../shared/model/superserver'
import type { Rule } from '../../../shared/model/superserver/admission'
import { admit, refusingNow } from '../../../shared/model/superserver/admission'
import { bansAt, logEvents, pauseIn } from '../../../shared/model/superserver/admission/log-events'
import type { AdmissionContext } from '../../../shared/model/superserver/admission/request'
import { parseListeningSockets } from '../../../shared/probe/ss'
import { parseXinetdDump } from '../../../shared/probe/xinetd-dump'
import { parseLogLines, type LogLine } from '../../../shared/probe/xinetd-log'
import { ensureBase } from '../../lab/base/build'
import { configurationOf, namesIn } from '../xinetd-judge/judge'
import { outcasts, sensors, sessions, wrecked } from './by-hand'
import { addresses, allow, deny, hosts, load, sentinel, services, text } from './cases'
import type { Results } from './judge'
import { judge } from './judge'
import type { Tested } from './service-text'

/** How the daemon logs what refuses (access.c, access_code_names). */
const REASONS: Partial<Readonly<Record<Rule, string>>> = {
  max_load: 'load',
  access_times: 'time',
  instances: 'service_limit',
  per_source: 'per_source_limit',
  sensor: 'address',
  banned: 'address',
  no_access: 'address',
  only_from: 'address',
  libwrap: 'libwrap',
}

type Visit = {
  readonly id: string
  readonly address: string
  readonly minute: number
  readonly running?: AdmissionContext['running']
  readonly banned?: readonly string[]
}

describe('who gets in agrees with xinetd', () => {
  let results: Results
  let model: ReadonlyMap<string, XinetdService>

  beforeAll(async () => {
    const base = (await ensureBase((line) => console.log(line))).root
    const probesOf = (all: readonly Tested[], from: readonly string[]) =>
      all.map(({ port, datagram }) => ({ port, from, ...(datagram ? { sentinel: sentinel.port } : {}) }))
    results = await judge(
      base,
      {
        'xinetd.conf': text,
        hosts,
        'hosts.allow': allow,
        'hosts.deny': deny,
        'nsswitch.conf': ['hosts', 'networks', 'passwd', 'group', 'services', 'protocols']
          .map((database) => `${database}: files\n`)
          .join(''),
        loadavg: `${load} 1.00 0.50 1/100 1\n`,
        in: 'in\n',
      },
      {
        addresses: [...addresses, ...outcasts],
        names: [
          'localhost',
          'alpha.example.org',
          'ALPHA.Example.ORG',
          'alpha',
          'example.org',
          'nowhere.example.org',
          'loopback',
          'link-local',
        ],
        probes: probesOf(services.probes, addresses),
        sessions: services.sessions.map(({ port }, at) => ({ port, from: sessions[at]?.from ?? [] })),
        refused: services.wrecked.map(({ port, id, datagram }) => ({
          port,
          id,
          datagram,
          from: '127.0.0.1',
        })),
        pauses: services.pauses.map(({ port }) => ({ port, from: '127.0.0.1' })),
        sensors: services.sensors.map(({ port }, at) => ({ port, from: sensors[at]?.from ?? '' })),
        banned: probesOf(services.afterwards, outcasts),
      },
    )
    const resolution = resolve(
      configurationOf({ name: '', files: { 'xinetd.conf': text } }, 0, namesIn(base)),
    )
    model = new Map(resolution.services.map((service) => [service.id, service]))
  })

  const judged = ({ id, address, minute, running, banned }: Visit, namesKnown = true) => {
    const service = model.get(id)
    if (service === undefined) throw new Error(`no service ${id}`)
    const name = (found: string | null | undefined) => (namesKnown ? (found ?? 'unknown') : null)
    return admit(
      service,
      { address, name: name(results.names[address]), mappedName: name(results.mapped[address]), minute },
      {
        build: { version: '2.3.15.3', options: ['libwrap', 'loadavg', 'labeled-networking'] },
        ipv6: true,
        running: running ?? { service: 0, address: 0 },
        processes: null,
        load,
        pause: null,
        banned: banned ?? [],
        wrappers: { allow: hostsAccess.parse(allow), deny: hostsAccess.parse(deny) },
        resolved: results.resolved,
        networks: { loopback: '127.0.0.0', 'link-local': '169.254.0.0' },
      },
    )
  }

  const verdict = (isIn: boolean) => (isIn ? 'allowed' : 'refused')

  /** What is logged of a visit, which tells what refused it. */
  const reasons = () => {
    const found = new Map<string, Set<string>>()
    for (const [, id = '', reason = '', address = ''] of results.services.matchAll(
      /FAIL: (\S+) (.+?) from=(\S+)/g,
    )) {
      const key = `${id} ${address.replace('::ffff:', '')}`
      found.set(key, (found.get(key) ?? new Set()).add(reason))
    }
    return found
  }

  const disagreements = (
    visited: readonly Tested[],
    from: readonly string[],
    seen: Results['probes'],
    banned: readonly string[] = [],
  ) => {
    const logged = reasons()
    return visited.flatMap(({ id, text: said }, at) =>
      from.flatMap((address, which) => {
        const visit = seen[at]?.[which]
        if (visit === undefined) throw new Error(`${id} was not visited from ${address}`)
        // The minute may have turned meanwhile.
        const admissions = visit.minutes.map((minute) => judged({ id, address, minute, banned }))
        const verdicts = admissions.map((admission) => admission.verdict)
        const ours = admissions.flatMap(({ verdict: ruled, by }) =>
          ruled === 'refused' && by !== null ? (REASONS[by.rule] ?? []) : [],
        )
        const theirs = [...(logged.get(`${id} ${address}`) ?? [])]
        const agree = verdicts.includes(verdict(visit.in)) && theirs.every((reason) => ours.includes(reason))
        return agree ? [] : [{ said, address, in: visit.in, theirs, verdicts, ours }]
      }),
    )
  }

  it('by its lists, its times, its limits, and libwrap', () => {
    expect(disagreements(services.probes, addresses, results.probes)).toEqual([])
  })

  it('and nothing is guessed where names are not known', () => {
    const guesses = services.probes.flatMap(({ id, text: said }, at) =>
      addresses.flatMap((address, which) => {
        const visit = results.probes[at]?.[which]
        const verdicts = visit?.minutes.map((minute) => judged({ id, address, minute }, false).verdict) ?? []
        const agree = verdicts.includes('unknown') || verdicts.includes(verdict(visit?.in === true))
        return agree ? [] : [{ said, address, in: visit?.in, verdicts }]
      }),
    )
    expect(guesses).toEqual([])
  })

  it('by the sessions that there are', () => {
    services.sessions.forEach(({ id, text: said }, at) => {
      const running: string[] = []
      for (const [which, address] of (sessions[at]?.from ?? []).entries()) {
        const isIn = results.sessions[at]?.[which] === true
        const counts = {
          service: running.length,
          address: running.filter((other) => other === address).length,
        }
        const { verdict: ours } = judged({ id, address, minute: 0, running: counts })
        expect([said, which, ours]).toEqual([said, which, verdict(isIn)])
        if (isIn) running.push(address)
      }
    })
  })

  const logLines = (): readonly LogLine[] => parseLogLines(results.log, { now: 0, offset: 0, zone: 'UTC' })

  it('a service that a refusal has wrecked is told', () => {
    const dump = parseXinetdDump(results.afterwards.dump)
    const sockets = parseListeningSockets(results.afterwards.sockets)
    const moment = { build: null, ipv6: true, load: 0, now: 0, minute: 0, address: null }
    const told = services.wrecked.map(({ id }) => {
      const service = model.get(id)
      if (service === undefined) throw new Error(`no service ${id}`)
      return refusingNow(service, { alive: true, dump, sockets, log: [] }, moment).map(({ kind }) => kind)
    })
    expect(told).toEqual(wrecked.map(({ why }) => [why]))
    const sound = services.probes.flatMap(({ id }) => model.get(id) ?? [])
    const why = sound
      .filter(({ state, settings }) => state === 'enabled' && settings['cps']?.origin === 'builtin')
      .map((service) => [
        service.id,
        ...refusingNow(service, { alive: true, dump, sockets, log: [] }, moment).map(({ kind }) => kind),
      ])
    const closed = why.filter((kinds) => kinds.includes('stuck') || kinds.includes('nothingListens'))
    expect(closed).toEqual([])
  })

  it('a pause for cps is told, and ends when it is foretold', () => {
    services.pauses.forEach(({ id }, at) => {
      const pause = results.pauses[at]
      const service = model.get(id)
      if (pause === undefined || service === undefined) throw new Error(`${id} was not paused`)
      expect(pause.answered).toBeGreaterThanOrEqual(1)
      expect(pause.still).toBe(false)
      const log = logLines()
      const during = log.slice(
        0,
        log.findIndex((line) => line.text.includes(`Deactivating service ${id} `)) + 1,
      )
      const moment = { build: null, ipv6: true, load, now: pause.began, minute: 0, address: null }
      const dump = parseXinetdDump(pause.dump)
      const [reason, ...more] = refusingNow(
        service,
        { alive: true, dump, sockets: null, log: during },
        moment,
      )
      expect(more).toEqual([])
      if (reason?.kind !== 'cps' || reason.until === null) throw new Error(JSON.stringify(reason))
      const resumed = logEvents(log).find((event) => event.kind === 'resumed' && event.service === id)
      expect(resumed?.at).toBeGreaterThanOrEqual(reason.until)
      expect(pause.ended).toBeGreaterThanOrEqual(reason.until)
      expect(pauseIn(logEvents(log), id)).toBeNull()
    })
  })

  it('by the sensors that somebody came to', () => {
    const now = Date.now() / 1000
    const bans = bansAt(logEvents(logLines()), now)
    expect(bans.map(({ address, until }) => [address, until === null])).toEqual([
      ['::ffff:10.66.0.1', false],
      ['10.66.0.2', true],
      ['10.67.3.0', false],
      ['fd00:66::1', false],
    ])
    const banned = bans.map(({ address }) => address)
    expect(disagreements(services.afterwards, outcasts, results.banned, banned)).toEqual([])
  })
})
