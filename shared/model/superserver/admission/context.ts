import { hostsAccess } from '../../../lens/hosts-access'
import type { HostsAccessDocument } from '../../../lens/hosts-access'
import type { GatheredFile, SuperserverState } from '../state'
import type { XinetdService } from '../xinetd/resolve'
import { plainAddress } from './peer'
import type { Evidence, Moment } from './refusing-now'
import type { AdmissionContext } from './request'

/**
 * What was read of the host, as admit asks for it. The daemon's log is not read here: whom its sensors have banned, and
 * until when a pause lasts, is not known.
 */
export function contextOf(
  { xinetd, surroundings }: SuperserverState,
  service: XinetdService,
  address: string,
): AdmissionContext {
  const servers = xinetd?.dump?.servers.filter(({ id }) => id === service.id) ?? []
  const client = plainAddress(address)
  const dumped = xinetd?.dump?.services.find(({ id }) => id === service.id)
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
    pause: dumped?.state === 'Disabled' ? { until: null } : null,
    banned: [],
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
      log: [],
    },
    moment: { build: xinetd.build, ipv6, load, now: clock.now, minute: clock.minute, address: null },
  }
}
