/** A login shell of a host, carried to a terminal in the window. */
export { openTerminal } from './open-terminal'
export type { TerminalDeps } from './open-terminal'
