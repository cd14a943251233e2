import type { HostPart } from './change'

/**
 * What the taking back of an unconfirmed change outlives on its host. restart: the loss of the connection, the end
 * of the login and a restart of the host. logout: the first two; after a restart, the next contact takes it back.
 * login: nothing but the loss of the connection while the login lives on.
 */
export type Assurance = 'restart' | 'logout' | 'login'

/** What a host has to keep something running with; read by main/host/change. */
export type Keepers = {
  /** systemd is process 1, and systemd-run is there. */
  readonly systemd: boolean
  /** logind.conf(5), KillUserProcesses=: what a login started ends with it. */
  readonly killsUserProcesses: boolean
  /** loginctl(1), enable-linger: the user's own services outlive the login. */
  readonly lingers: boolean
}

export function assuranceOf(part: HostPart, keepers: Keepers): Assurance {
  if (part.need === 'none') return keepers.killsUserProcesses && !keepers.lingers ? 'login' : 'logout'
  return keepers.systemd ? 'restart' : 'logout'
}
