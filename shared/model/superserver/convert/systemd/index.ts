export { toSystemd } from './to-systemd'
export type { Lost, LostReason, SystemdContext, SystemdUnits, Unit, UnitNote } from './unit'
