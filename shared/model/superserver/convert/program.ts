import type { Entry } from '../../../lens/inetd'
import type { InetdContext, Note, Step } from './conversion'
import { cannot } from './conversion'

/** What xinetd is to run in the place of an entry's program. */
export type Program = {
  readonly server: string
  /** Its own name first. */
  readonly argv: readonly string[]
  /** The name by which hosts.allow knows it; null: nobody asks. */
  readonly asks: string | null
  readonly notes: readonly Note[]
}

/** The program of an entry, or, where xinetd can ask libwrap itself, the one behind tcpd. */
export function programOf(entry: Entry, path: string, context: InetdContext): Step<Program> {
  const { names } = context
  const program =
    basename(path) === 'tcpd' && context.libwrap
      ? behindTcpd(entry.argv, context)
      : ownProgram(entry, path, context)
  if ('reason' in program) return program
  const { server } = program.value
  if (!server.startsWith('/')) return cannot({ code: 'notAbsolute', program: server })
  if (Object.hasOwn(names.programs, server) && names.programs[server] === false)
    return cannot({ code: 'notExecutable', program: server })
  return program
}

function ownProgram({ argv, socketType, wait }: Entry, path: string, { wraps }: InetdContext): Step<Program> {
  const name = argv[0] ?? basename(path)
  const isAsked = wraps.programs && socketType === 'stream' && !wait
  const notes: readonly Note[] = argv.length === 0 ? [{ code: 'nameSupplied', name }] : []
  return { value: { server: path, argv: [name, ...argv.slice(1)], asks: isAsked ? name : null, notes } }
}

/** tcpd.c, main(): a path is run as it is and loses its folders as a name; else REAL_DAEMON_DIR is put before it. */
function behindTcpd(
  [first = '', ...args]: readonly string[],
  { daemonDirectory }: InetdContext,
): Step<Program> {
  const name = basename(first)
  if (name === 'tcpd' || name === '') return cannot({ code: 'tcpdAlone' })
  if (first.startsWith('/')) return { value: { server: first, argv: [name, ...args], asks: name, notes: [] } }
  const server = `${daemonDirectory}/${first}`
  const notes: readonly Note[] = [{ code: 'foundByTcpd', program: server }]
  return { value: { server, argv: [first, ...args], asks: first, notes } }
}

/** What stands behind the last slash. */
export function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
