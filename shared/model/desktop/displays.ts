import type { DesktopState, VncDisplay, XLock } from './state'

/** RFB: display N listens on 5900+N. */
export const rfbBase = 5900
/** The X protocol: display N listens on 6000+N. */
export const xBase = 6000

export function displayOf(state: DesktopState, number: number): VncDisplay | null {
  return state.displays.find((display) => display.number === number) ?? null
}

/** Why a display number cannot be given to a new desktop. */
export type Obstacle =
  | { readonly kind: 'running'; readonly pid: number; readonly program: string }
  | { readonly kind: 'staleLock'; readonly path: string; readonly pid: number | null }
  | { readonly kind: 'staleSocket'; readonly path: string }
  | { readonly kind: 'port'; readonly port: number }

/** As the server itself decides: a lock, a socket, or something that listens on one of its two ports. */
export function obstacleTo(state: DesktopState, number: number): Obstacle | null {
  const display = displayOf(state, number)
  if (display !== null) return { kind: 'running', pid: display.pid, program: display.program }
  const lock = state.locks.find((one) => one.display === number)
  if (lock !== undefined) {
    return lock.pid !== null && isServer(lock)
      ? { kind: 'running', pid: lock.pid, program: lock.program ?? '' }
      : { kind: 'staleLock', path: lockPath(number), pid: lock.pid }
  }
  if (state.sockets.includes(number)) return { kind: 'staleSocket', path: socketPath(number) }
  const port = state.ports?.find((one) => one === rfbBase + number || one === xBase + number)
  return port === undefined ? null : { kind: 'port', port }
}

/** A process of the lock's number that is no X server took the number over: the lock is stale all the same. */
function isServer(lock: XLock): boolean {
  return lock.program !== null && /^(X|Xorg|Xwayland|x0|gnome-shell|kwin)/.test(lock.program)
}

/** What a server that ended badly left, which keeps its number from being used again. */
export function staleObstacles(
  state: DesktopState,
): readonly { readonly display: number; readonly obstacle: Obstacle }[] {
  const numbers = new Set([...state.locks.map(({ display }) => display), ...state.sockets])
  return [...numbers]
    .sort((a, b) => a - b)
    .flatMap((display) => {
      const obstacle = obstacleTo(state, display)
      return obstacle?.kind === 'staleLock' || obstacle?.kind === 'staleSocket' ? [{ display, obstacle }] : []
    })
}

/** The number a new desktop gets when the user does not choose one; null: 1 to 99 are all in use. */
export function lowestFreeDisplay(state: DesktopState): number | null {
  for (let number = 1; number <= 99; number++) {
    if (obstacleTo(state, number) === null) return number
  }
  return null
}

export const lockPath = (number: number): string => `/tmp/.X${number}-lock`
export const socketPath = (number: number): string => `/tmp/.X11-unix/X${number}`
