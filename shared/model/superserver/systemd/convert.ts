import { toSystemd, type SystemdUnits } from '../convert'
import type { Drafts } from '../drafts'
import type { ServiceRef } from '../intent'
import { refuse, type Refusal } from '../refuse'
import type { SuperserverState, SystemdState, XinetdState } from '../state'
import { disableServices } from '../xinetd/edit'
import { resolve, type XinetdService } from '../xinetd/resolve'
import { unitFolder } from './units'

/** What would become of a service that xinetd runs. */
export type ServiceConversion = { readonly service: XinetdService } & SystemdUnits

/** Where nobody says it, what the oldest version can do is written. */
const oldest = 0

/** What would become of these services as units, each with names that no other has. Those that do not run have nothing to hand over. */
export function unitsFor(
  systemd: SystemdState,
  xinetd: XinetdState,
  refs: readonly ServiceRef[],
): readonly ServiceConversion[] {
  const taken = [...systemd.names]
  return resolve(xinetd)
    .services.filter(
      (service) =>
        service.state === 'enabled' &&
        refs.some(
          ({ path, id, occurrence }) =>
            service.path === path && service.id === id && service.occurrence === occurrence,
        ),
    )
    .map((service) => {
      const made = toSystemd(service, { version: systemd.version ?? oldest, taken })
      taken.push(...made.units.map(({ name }) => name))
      return { service, ...made }
    })
}

/** Services of xinetd as units of systemd; xinetd keeps their files, switched off, and what cannot be converted. */
export function convertServices(
  state: SuperserverState,
  systemd: SystemdState,
  xinetd: XinetdState,
  drafts: Drafts,
  refs: readonly ServiceRef[],
): Refusal | null {
  if (xinetd.daemon === null) return refuse(state, 'superserver.notRunning', { name: 'xinetd' })
  const made = unitsFor(systemd, xinetd, refs).filter(({ units }) => units.length > 0)
  const refusal = disableServices(
    state,
    drafts,
    made.map(({ service: { path, id, occurrence } }) => ({ path, id, occurrence })),
  )
  if (refusal !== null) return refusal
  for (const { name, text } of made.flatMap(({ units }) => units))
    drafts.create(`${unitFolder}/${name}`, text)
  return null
}
