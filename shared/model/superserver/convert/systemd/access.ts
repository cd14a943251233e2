import type { XinetdService } from '../../xinetd/resolve'
import type { Net } from './nets'
import { netsOf, printNet, subtract } from './nets'
import type { Lost } from './unit'
import { valuesOf } from './unit'

export type Access = { readonly lines: readonly string[]; readonly lost: readonly Lost[] }

/**
 * only_from and no_access as IPAddressAllow and IPAddressDeny (systemd.resource-control(5)) of the socket unit, which
 * rules what reaches the socket. Allow goes before Deny there, so what both name is taken out of the former.
 */
export function accessOf(service: XinetdService): Access {
  const allowed = rangesOf(service, 'only_from')
  const denied = rangesOf(service, 'no_access')
  const lost = [...allowed.lost, ...denied.lost]
  if (!Object.hasOwn(service.settings, 'only_from')) {
    return { lines: denied.nets.map((net) => `IPAddressDeny=${printNet(net)}`), lost }
  }
  const nets = subtract(allowed.nets, denied.nets)
  return { lines: [...nets.map((net) => `IPAddressAllow=${printNet(net)}`), 'IPAddressDeny=any'], lost }
}

function rangesOf(
  service: XinetdService,
  attribute: string,
): { readonly nets: readonly Net[]; readonly lost: readonly Lost[] } {
  const sites = valuesOf(service, attribute).map((site) => ({ site, nets: netsOf(site) }))
  const names = sites.flatMap(({ site, nets }) => (nets === null ? [site] : []))
  return {
    nets: sites.flatMap(({ nets }) => nets ?? []),
    lost: names.length === 0 ? [] : [{ attribute, values: names, why: 'notAnAddress' }],
  }
}
