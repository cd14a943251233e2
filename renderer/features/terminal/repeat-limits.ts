import type { Terminal } from '@xterm/xterm'

/** More than any screen has cells in a line, or lines. */
const most = 10_000

/** REP, SU, SD, IL, DL, CHT, CBT (ECMA-48): xterm 6 does them one by one, or makes room for all at once. */
const repeating = ['b', 'S', 'T', 'L', 'M', 'I', 'Z'] as const

/**
 * Drops what a host asks to be repeated more often than makes sense: `CSI 2147483647 b` alone would end xterm's
 * writing for good, and `CSI 99999999 S` hold the window for minutes.
 */
export function limitRepeats(terminal: Terminal): void {
  for (const final of repeating)
    terminal.parser.registerCsiHandler({ final }, ([count]) => typeof count === 'number' && count > most)
}
