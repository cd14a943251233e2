import { hostsAccess } from '../../../lens/hosts-access'
import type { HostsAccessDocument } from '../../../lens/hosts-access'
import type { GatheredFile, SuperserverState } from '../state'
import type { XinetdService } from '../xinetd/resolve'
import { bansAt, logEvents } from './log-events'
import { plainAddress } from './peer'
import type { Evidence, Moment } from './refusing-now'
import { pauseNow } from './refusing-now'
import type { AdmissionContext } from './request'

/** What was read of the host, as admit asks for it. Without its log it is not known whom the sensors have banned. */
export function contextOf(
  { xinetd, surroundings }: SuperserverState,
  service: XinetdService,
  address: string,
): AdmissionContext {
  const servers = xinetd?.dump?.servers.filter(({ id }) => id === service.id) ?? []
  const client = plainAddress(address)
  const messages = xinetd?.log?.messages ?? []
  // A service that could not be opened again is closed as one that is paused, and does not become open by itself.
  const pause = pauseNow(service, xinetd?.dump ?? null, messages)
  const allow = documentOf(surroundings.hostsAllow)
  const deny = documentOf(surroundings.hostsDeny)
  return {
    build: xinetd?.build ?? null,
    ipv6: surroundings.ipv6,
    running: {
      service: servers.length,
      address: servers.filter(({ peer }) => peer !== null && plainAddress(peer.address) === client).length,
    },
    processes: null,
    load: surroundings.load,
    pause: pause === null ? null : { until: pause.kind === 'cps' ? pause.until : null },
    banned:
      surroundings.clock === null
        ? []
        : bansAt(logEvents(messages), surroundings.clock.now).map((ban) => ban.address),
    wrappers: allow === null || deny === null ? null : { allow, deny },
    resolved: {},
    networks: surroundings.networks,
  }
}

/** A file that is not there is an empty one; null: it could not be read. */
function documentOf(file: GatheredFile): HostsAccessDocument | null {
  if (file.kind === 'unreadable') return null
  return hostsAccess.parse(file.kind === 'file' ? file.text : '')
}

/** What is known of the daemon, and when, as refusingNow asks for it; null: the host did not tell its time. */
export function evidenceOf({ xinetd, sockets, surroundings }: SuperserverState): {
  readonly evidence: Evidence
  readonly moment: Moment
} | null {
  const { clock, ipv6, load } = surroundings
  if (xinetd === null || clock === null) return null
  return {
    evidence: {
      alive: xinetd.daemon !== null,
      dump: xinetd.dump,
      sockets: sockets.length === 0 ? null : sockets,
      log: xinetd.log?.messages ?? [],
    },
    moment: { build: xinetd.build, ipv6, load, now: clock.now, minute: clock.minute, address: null },
  }
}
