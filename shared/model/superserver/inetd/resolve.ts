import { inetd, readEntries, readEntry } from '../../../lens/inetd'
import type { Entry, InetdDocument, Outcome, Reading, Refusal, Warning } from '../../../lens/inetd'
import type { ServicePort } from '../../../probe/name-files'
import type { InetdState } from '../state'

/** An entry of inetd.conf, and what the daemon makes of it. */
export type InetdService = {
  readonly path: string
  /** From 1. */
  readonly line: number
  /** The line as it is written: with path and line it names the entry. */
  readonly text: string
  /** enabled: it runs. disabled: it is commented out. refused: the daemon will not have it. */
  readonly state: 'enabled' | 'disabled' | 'refused'
  /** Service, socket type, protocol, wait, user, program and its arguments, as they are written. */
  readonly words: readonly string[]
  /** null: of a name that the host does not know, an RPC or a unix socket. */
  readonly port: number | null
  /** What the daemon takes, or would take if the entry were enabled; null: nothing. */
  readonly entry: Entry | null
  readonly refusal: Refusal | null
  readonly warnings: readonly Warning[]
}

export type InetdResolution = {
  readonly services: readonly InetdService[]
  /** Where the daemon reads no further, ends or hangs; null: nowhere. */
  readonly stop: { readonly path: string; readonly line: number; readonly refusal: Refusal } | null
}

/** What the daemon will do with the files; the lens's readers agree with it. */
export function resolveInetd({
  dialect,
  files,
  names,
}: Pick<InetdState, 'dialect' | 'files' | 'names'>): InetdResolution {
  const services: InetdService[] = []
  let stop: InetdResolution['stop'] = null
  for (const [path, file] of Object.entries(files)) {
    if (file.kind !== 'file') continue
    const document = inetd.parse(file.text)
    const readings = readEntries(document, dialect)
    for (const [at, line] of document.lines.entries()) {
      if (line.kind === 'disabled') {
        const outcome = readEntry(
          line.fields.map(({ text }) => text),
          dialect,
        )
        services.push(serviceOf(path, document, at, [outcome], 'disabled', names.services))
        continue
      }
      const here = readings.filter(({ from }) => from === at)
      if (here.length > 0)
        services.push(
          serviceOf(
            path,
            document,
            at,
            here.map(({ outcome }) => outcome),
            null,
            names.services,
          ),
        )
    }
    stop ??= stopOf(path, readings)
  }
  return { services, stop }
}

/** openbsd-inetd reads a line twice, for IPv4 and for IPv6: it runs if one of them is taken. */
function serviceOf(
  path: string,
  { lines }: InetdDocument,
  at: number,
  outcomes: readonly Outcome[],
  state: 'disabled' | null,
  services: readonly ServicePort[] | null,
): InetdService {
  const line = lines[at]
  const taken = outcomes.find((outcome) => outcome.kind === 'entry')
  const entry = taken?.kind === 'entry' ? taken.entry : null
  const refusals = outcomes.flatMap((outcome) => (outcome.kind === 'refused' ? [outcome.refusal] : []))
  return {
    path,
    line: at + 1,
    text: line?.text ?? '',
    state: state ?? (entry === null ? 'refused' : 'enabled'),
    words: line !== undefined && 'fields' in line ? line.fields.map(({ text }) => text) : [],
    port: entry === null ? null : portOf(entry, services),
    entry,
    refusal: refusals[0] ?? null,
    warnings: entry?.warnings ?? [],
  }
}

function stopOf(path: string, readings: readonly Reading[]): InetdResolution['stop'] {
  for (const { from, outcome } of readings) {
    if (outcome.kind === 'refused' && outcome.refusal.effect !== 'skipped')
      return { path, line: from + 1, refusal: outcome.refusal }
  }
  return null
}

/** tcp or udp, as it is named in services(5); null for what is neither. */
export function protocolOf({ protocol }: Entry): 'tcp' | 'udp' | null {
  if (protocol.startsWith('tcp')) return 'tcp'
  return protocol.startsWith('udp') ? 'udp' : null
}

function portOf(entry: Entry, services: readonly ServicePort[] | null): number | null {
  const protocol = protocolOf(entry)
  if (protocol === null || entry.rpc !== null || entry.tcpmux !== null) return null
  if (/^[0-9]+$/.test(entry.service)) return Number(entry.service)
  return services?.find((one) => one.name === entry.service && one.protocol === protocol)?.port ?? null
}
