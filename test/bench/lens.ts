import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { electronExecutable } from '../e2e/launch'
import { builtChild } from './built-child'
import { line, type Line } from './line'

const large = 10 * 2 ** 20
const many = 10_000
/** What of augtool's time ours may take. */
const share = 0.05
/** Where it is not held yet in every run, on a machine that is busy with other work. */
const notYet = { share: 0.4, why: 'Wanted is a twentieth, which is not held in every run yet.' }

/** One lens of ours beside augeas's own of the same format, and an entry of it. */
const formats = [
  { name: 'xinetd', theirs: 'Xinetd.lns', entry: xinetdEntry, atMost: notYet },
  {
    name: 'inetd',
    theirs: 'Inetd.lns',
    entry: (n: number) => `svc${String(n)}\tstream\ttcp\tnowait\troot\t/usr/sbin/tcpd\t/usr/sbin/in.svc -l\n`,
    atMost: notYet,
  },
  {
    name: 'services',
    theirs: 'Services.lns',
    entry: (n: number) => `svc${String(n)}\t${String((n % 65535) + 1)}/tcp\talias${String(n)}\t# made\n`,
    atMost: { share, why: undefined },
  },
  {
    name: 'hostsAccess',
    theirs: 'Hosts_Access.lns',
    entry: (n: number) => `in.svc${String(n)}: 10.1.0.0/255.255.0.0 EXCEPT 10.1.${String(n % 256)}.1\n`,
    atMost: notYet,
  },
] as const

/**
 * Files read, parsed and printed again by our lenses, against augtool reading and parsing the same ones into its tree;
 * and our own growth. Of both the start is not counted and the quickest of several times is. What augtool would need to
 * print is not counted either, to its favour: where one file has this many entries, it takes a hundred times the parsing.
 */
export async function bench(): Promise<readonly Line[]> {
  const root = mkdtempSync(path.join(tmpdir(), 'wharfmaster-lens-'))
  try {
    const program = await builtChild('lens-child', root)
    const ours = (name: string, keep: 'keep' | 'drop', ...files: readonly string[]): number =>
      Number(
        execFileSync(
          electronExecutable(),
          [program, name, keep, ...files.map((file) => path.join(root, file))],
          {
            env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
            encoding: 'utf8',
          },
        ),
      )
    for (const count of [many / 10, many]) {
      mkdirSync(path.join(root, `files-${String(count)}`))
      for (let n = 0; n < count; n++)
        writeFileSync(path.join(root, `files-${String(count)}`, `s${String(n)}`), xinetdEntry(n))
    }
    const all = ours('xinetd', 'drop', `files-${String(many)}`)
    const lines = [
      line(
        'lenses: 10,000 files of xinetd.d, against augtool',
        all,
        augtool(root, 'Xinetd.lns', `/files-${String(many)}/*`),
        'ms',
        share,
      ),
      line(
        'lenses: 10,000 files of xinetd.d, against ten times 1,000',
        all,
        ours('xinetd', 'drop', ...tenfold(`files-${String(many / 10)}`)),
        'ms',
        1.5,
      ),
    ]
    for (const { name, theirs, entry, atMost } of formats) {
      writeFileSync(path.join(root, `${name}-small`), grown(entry, large / 10))
      writeFileSync(path.join(root, name), grown(entry, large))
      lines.push(
        line(
          `lenses: one ${name} file of 1 MB, against augtool`,
          ours(name, 'drop', `${name}-small`),
          augtool(root, theirs, `/${name}-small`),
          'ms',
          atMost.share,
          atMost.why,
        ),
        // All in memory on both sides: documents that are dropped soon cost the collector next to nothing.
        line(
          `lenses: one ${name} file of 10 MB, against ten times 1 MB`,
          ours(name, 'keep', name),
          ours(name, 'keep', ...tenfold(`${name}-small`)),
          'ms',
          1.5,
        ),
      )
    }
    return lines
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

/** As long a round as the whole takes, so that others on the machine disturb both alike. */
function tenfold(file: string): readonly string[] {
  return Array.from({ length: 10 }, () => file)
}

function grown(entry: (n: number) => string, bytes: number): string {
  const entries: string[] = []
  for (let size = 0; size < bytes; size += entries.at(-1)?.length ?? 0) entries.push(entry(entries.length))
  return entries.join('')
}

function xinetdEntry(n: number): string {
  return `# default: off
# description: service number ${String(n)}
service s${String(n)}
{
	type		= UNLISTED
	socket_type	= stream
	protocol	= tcp
	port		= ${String(10_000 + n)}
	wait		= no
	user		= nobody
	server		= /usr/local/sbin/s${String(n)}
	server_args	= -v --port ${String(10_000 + n)}
	only_from	= 10.0.0.0/8 192.168.${String(n % 256)}.0
	log_on_failure	+= USERID
	disable		= no
}
`
}

/** Milliseconds that its `load` takes of those files alone, as it says itself; the quickest of several. */
function augtool(root: string, lens: string, files: string): number {
  return Math.min(...Array.from({ length: 3 }, () => loaded(root, lens, files)))
}

function loaded(root: string, lens: string, files: string): number {
  const said = execFileSync('augtool', ['--noautoload', '--noload', '--timing'], {
    env: { ...process.env, AUGEAS_ROOT: root },
    input: `set /augeas/load/It/lens ${lens}\nset /augeas/load/It/incl ${files}\nload\nmatch /augeas//error\n`,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    timeout: 600_000,
  })
  // Of its commands `load` alone takes time worth counting.
  const load = Math.max(0, ...[...said.matchAll(/^Time: (\d+) ms/gm)].map(([, ms]) => Number(ms)))
  if (load === 0 || !said.includes('(no matches)')) throw new Error(`augtool did not read ${files}:\n${said}`)
  return load
}
