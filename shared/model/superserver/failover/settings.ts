import { digestOfText } from '../../change'
import { unitFolder } from '../systemd/units'

/** What a script of ours was told; it says so itself, and is read back from there. */
export type FailoverSettings = {
  /** Of the service. */
  readonly id: string
  /** The service's own file. */
  readonly path: string
  /** Of the daemon, which is told there. */
  readonly pidfile: string
  /** Seconds from round to round: 1 to 60. */
  readonly everySeconds: number
  /** In how many rounds on end the active target must not answer before it is left. */
  readonly fall: number
  /** In how many rounds on end an earlier candidate must answer before it is taken again; stay: never. */
  readonly rise: number | 'stay'
}

/** How every file and unit of ours begins. */
export const prefix = 'wharfmaster-failover-'

/** A name for files, units and cron (which passes over names with a dot); ids that are not such names get a digest. */
export function nameFor(id: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/.test(id)) return `${prefix}${id}`
  const near = id.replaceAll(/[^A-Za-z0-9]+/g, '-').slice(0, 30)
  return `${prefix}${near}-${digestOfText(id).slice(0, 10)}`
}

/** Where the files of that name stand. */
export function pathsOf(name: string) {
  return {
    script: `/usr/local/sbin/${name}`,
    service: `${unitFolder}/${name}.service`,
    timer: `${unitFolder}/${name}.timer`,
    cron: `/etc/cron.d/${name}`,
  } as const
}

/** The name in the path of a script of ours; null: it is another file. */
export function nameOfScript(path: string): string | null {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return name.startsWith(prefix) && pathsOf(name).script === path ? name : null
}

/** Whether a file is one of ours to read back. */
export function isOfFailover(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.(?:service|timer)$/, '')
  return name.startsWith(prefix) && Object.values<string>(pathsOf(name)).includes(path)
}
