import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decode, encode } from '../../../shared/codec'
import type { Dialect } from '../../../shared/lens/inetd'

export type Case = { readonly name: string; readonly text: string }

export type Verdict = { readonly end: string; readonly log: string; readonly sockets: string }

/** A daemon of the lab's base. Its last argument is the file that it reads. */
export type Judge = { readonly dialect: Dialect; readonly program: string; readonly args: readonly string[] }

/** Each waits unpacked in /opt of the base. */
export const judges: readonly Judge[] = [
  { dialect: 'openbsd', program: '/opt/openbsd-inetd/usr/sbin/inetd', args: ['-d', '-i'] },
  { dialect: 'inetutils', program: '/opt/inetutils-inetd/usr/sbin/inetutils-inetd', args: ['-d'] },
]

const script = fileURLToPath(new URL('judge.sh', import.meta.url))

/** Puts every case before the real daemon out of the base, one after another, in a network of its own. */
export async function judge(
  base: string,
  { program, args }: Judge,
  cases: readonly Case[],
): Promise<readonly Verdict[]> {
  const folder = mkdtempSync(join(tmpdir(), 'wharfmaster-inetd-judge-'))
  const placeOf = (index: number): string => join(folder, String(index))
  try {
    for (const [index, { text }] of cases.entries()) {
      mkdirSync(placeOf(index))
      writeFileSync(join(placeOf(index), 'inetd.conf'), encode(text))
    }
    const isolated = ['--net', '--mount', '--pid', '--fork', '--kill-child']
    await run('unshare', [...isolated, 'sh', script, base, folder, program, ...args])
    return cases.map((_, index) => verdictIn(placeOf(index)))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function run(program: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { timeout: 170_000 }, (error, _stdout, stderr) => {
      if (error === null) resolve()
      else reject(new Error(`${error.message}\n${stderr}`))
    })
  })
}

function verdictIn(folder: string): Verdict {
  const text = (name: string): string => {
    const path = join(folder, name)
    return existsSync(path) ? decode(readFileSync(path)) : ''
  }
  // What spins logs without end: the beginning says enough.
  return { end: text('end').trim(), log: text('log').slice(0, 200_000), sockets: text('sockets') }
}
