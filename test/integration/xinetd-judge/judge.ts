import { execFile } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decode, encode } from '../../../shared/codec'
import type { GatheredDirectory, GatheredFile, HostNames } from '../../../shared/model/superserver'
import type { Configuration } from '../../../shared/model/superserver'
import { digestOfText } from '../../../shared/model/change'
import { parseAccountNames, parseNumberedNames, parseServices } from '../../../shared/probe/name-files'
import type { Accounts } from './compare'
import type { XinetdDump } from '../../../shared/probe/xinetd-dump'
import { parseXinetdDump } from '../../../shared/probe/xinetd-dump'

/** Files by path below the case's own folder; `xinetd.conf` is the one the daemon reads first. CASE stands for that folder in them. */
export type Case = { readonly name: string; readonly files: Readonly<Record<string, string>> }

export type Verdict = {
  readonly end: 'alive' | { readonly status: number }
  readonly dump: XinetdDump | null
  readonly log: string
}

const script = fileURLToPath(new URL('judge.sh', import.meta.url))

const placed = (text: string, index: number): string => text.replaceAll('CASE', `/mnt/${index}`)

/** Puts every case before the real daemon out of the lab's base, one after another, and gives what it said. */
export async function judge(base: string, cases: readonly Case[]): Promise<readonly Verdict[]> {
  const folder = mkdtempSync(join(tmpdir(), 'wharfmaster-judge-'))
  try {
    for (const [index, { files }] of cases.entries()) {
      for (const [path, text] of Object.entries(files)) {
        const place = join(folder, String(index), path)
        mkdirSync(dirname(place), { recursive: true })
        writeFileSync(place, encode(placed(text, index)))
      }
    }
    await run('unshare', ['--net', '--mount', '--pid', '--fork', '--kill-child', 'sh', script, base, folder])
    return cases.map((_, index) => verdictIn(join(folder, String(index))))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function run(program: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { timeout: 1_800_000 }, (error, _stdout, stderr) => {
      if (error === null) resolve()
      else reject(new Error(`${error.message}\n${stderr}`))
    })
  })
}

function verdictIn(folder: string): Verdict {
  const end = readFileSync(join(folder, 'end'), 'utf8').trim()
  const dump = join(folder, 'dump')
  return {
    end: end === 'alive' ? 'alive' : { status: Number(end) },
    dump: existsSync(dump) ? parseXinetdDump(decode(readFileSync(dump))) : null,
    log: readFileSync(join(folder, 'log'), 'utf8'),
  }
}

/** The same case as the model sees it. */
export function configurationOf({ files }: Case, index: number, names: HostNames): Configuration {
  const gathered: Record<string, GatheredFile> = {}
  const directories: Record<string, string[]> = {}
  for (const [path, raw] of Object.entries(files)) {
    const text = placed(raw, index)
    const whole = `/mnt/${index}/${path}`
    gathered[whole] = {
      kind: 'file',
      text,
      digest: digestOfText(text),
      mode: 0o644,
      uid: 0,
      gid: 0,
      label: null,
      acl: null,
      attributes: null,
      linkTarget: null,
      links: 1,
      mounted: false,
    }
    const folder = dirname(whole)
    directories[folder] = [...(directories[folder] ?? []), whole.slice(folder.length + 1)]
  }
  return {
    configuration: `/mnt/${index}/xinetd.conf`,
    files: gathered,
    directories: Object.fromEntries(
      Object.entries(directories).map(([path, entries]): [string, GatheredDirectory] => [
        path,
        { kind: 'directory', entries },
      ]),
    ),
    names,
  }
}

/** What names mean in the base. */
export function namesIn(base: string): HostNames {
  const text = (path: string): string => {
    const place = join(base, path)
    return existsSync(place) ? decode(readFileSync(place)) : ''
  }
  const programs: Record<string, boolean> = { '/nowhere': false, '/etc/passwd': false, '/bin': true }
  for (const name of readdirSync(join(base, 'usr/bin'))) {
    const stat = statSync(join(base, 'usr/bin', name), { throwIfNoEntry: false })
    if (stat !== undefined) programs[`/bin/${name}`] = (stat.mode & 0o111) !== 0
  }
  return {
    services: parseServices(text('etc/services')),
    protocols: parseNumberedNames(text('etc/protocols')),
    users: parseAccountNames(text('etc/passwd')),
    groups: parseAccountNames(text('etc/group')),
    rpc: parseNumberedNames(text('etc/rpc')),
    programs,
  }
}

/** Their numbers in the base, by name. */
export function accountsIn(base: string): Accounts {
  const numbers = (path: string): ReadonlyMap<string, number> =>
    new Map(
      decode(readFileSync(join(base, path)))
        .split('\n')
        .map((line) => line.split(':'))
        .flatMap(([name = '', , id]) => (id === undefined ? [] : [[name, Number(id)] as const])),
    )
  return { users: numbers('etc/passwd'), groups: numbers('etc/group') }
}
