import { resolveInetd, type InetdService } from './inetd/resolve'
import type { Diagnostic } from './diagnostic'
import type { InetdState, SuperserverState } from './state'
import type { Visit } from './xinetd/entries'
import { resolve, type Resolution } from './xinetd/resolve'

/** A file of the super-servers, or a directory, as a daemon comes to it. */
export type FileRow = Visit & {
  readonly reader: 'xinetd' | 'inetd'
  /** Services and entries that it holds. */
  readonly services: number
  /** Findings in it, and how many of them stop a service or the daemon. */
  readonly findings: number
  readonly bad: number
}

/** In the order in which each daemon reads. What inetd does not name, is not there: it passes over nothing. */
export function filesOf({ xinetd, inetd }: SuperserverState): readonly FileRow[] {
  return [
    ...(xinetd === null ? [] : xinetdRows(resolve(xinetd))),
    ...(inetd === null ? [] : inetdRows(inetd)),
  ]
}

/** What the daemon makes of a file otherwise than it is written; where it came to it, if that is told there. */
export function diagnosticsIn({ diagnostics, services }: Resolution, path: string): readonly Diagnostic[] {
  return [...diagnostics, ...services.flatMap((service) => service.diagnostics)].filter(
    (one) => one.path === path,
  )
}

function xinetdRows(resolution: Resolution): readonly FileRow[] {
  return resolution.visits.map((visit) => {
    if (visit.fate !== 'read') return { ...visit, reader: 'xinetd', services: 0, findings: 0, bad: 0 }
    const found = diagnosticsIn(resolution, visit.path).filter(isFinding)
    return {
      ...visit,
      reader: 'xinetd',
      services: resolution.services.filter(({ path }) => path === visit.path).length,
      findings: found.length,
      bad: found.filter(({ effect }) => effect === 'serviceRefused' || effect === 'daemonExits').length,
    }
  })
}

/** That a list of `defaults` holds a service back is meant so. */
function isFinding({ code }: Diagnostic): boolean {
  return code !== 'disabledByDefaults' && code !== 'notInEnabled'
}

function inetdRows(inetd: InetdState): readonly FileRow[] {
  const { services } = resolveInetd(inetd)
  return Object.entries(inetd.files).map(([path, file]) => {
    const own = services.filter((service) => service.path === path)
    const bad = own.filter(isRefused).length
    return {
      path,
      depth: 0,
      fate: file.kind === 'file' ? 'read' : file.kind,
      reader: 'inetd',
      services: own.length,
      findings: bad + own.reduce((sum, { warnings }) => sum + warnings.length, 0),
      bad,
    }
  })
}

function isRefused({ state, refusal }: InetdService): boolean {
  return state !== 'disabled' && refusal !== null
}
