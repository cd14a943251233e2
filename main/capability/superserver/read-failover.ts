import { decode } from '../../../shared/codec'
import {
  parseReport,
  settingsIn,
  type FailoverState,
  type GatheredFile,
  type Watch,
} from '../../../shared/model/superserver'
import { parseUnitStates } from '../../../shared/probe/socket-units'
import { readFiles } from '../../host/file-reading'
import type { Piece } from '../../host/script-answer'

/**
 * What the section `readFailover` said.
 * @param pieces its own
 * @param units what systemd says of its units
 */
export function readFailover(
  pieces: readonly Piece[],
  mounts: readonly Piece[],
  units: string,
): FailoverState {
  const said = (name: string): string | null => {
    const piece = pieces.find((one) => one.name === name)
    return piece === undefined ? null : decode(piece.bytes)
  }
  const files: Readonly<Record<string, GatheredFile>> = Object.fromEntries(readFiles([...mounts, ...pieces]))
  const states = parseUnitStates(units)
  const prober = (said('failover') ?? '').trim()
  const watches = pieces.flatMap((piece, at): readonly Watch[] => {
    if (piece.name !== 'watch') return []
    const name = decode(piece.bytes)
    const script = files[`/usr/local/sbin/${name}`]
    const rounds = pieces[at + 1]
    return [
      {
        name,
        settings: script?.kind === 'file' ? settingsIn(script.text) : null,
        timer: states.find(({ id }) => id === `${name}.timer`) ?? null,
        service: states.find(({ id }) => id === `${name}.service`) ?? null,
        report: rounds?.name === 'rounds' ? parseReport(decode(rounds.bytes)) : null,
      },
    ]
  })
  return { prober: prober === '' ? null : prober, cron: said('cron') !== null, files, watches }
}
