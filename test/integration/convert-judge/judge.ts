import { execFile } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { encode } from '../../../shared/codec'
import type { Conversion, InetdContext } from '../../../shared/model/superserver/convert'
import type { Ask } from './cases'

/** What is asked of both daemons, and what takes over. */
export type Trial = {
  readonly text: string
  /** Its words; INETD stands for the file. */
  readonly daemon: readonly string[]
  readonly conversions: readonly Conversion[]
  readonly asks: readonly Ask[]
  readonly rpcbind: boolean
  readonly families: InetdContext['families']
}

/** One daemon's side: its sockets as `tcp 127.0.0.1:7001`, what it said to each question, and rpcinfo's lines. */
export type Account = {
  readonly sockets: readonly string[]
  readonly said: readonly string[]
  readonly rpc: readonly string[]
}

export type Verdict = { readonly before: Account; readonly after: Account; readonly log: string }

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** Where libwrap is asked, perl may be called from 127.0.0.1 and what calls itself second from 127.0.0.2; rpcbind asks too. */
const allow = 'perl, nologin: 127.0.0.1 [::1]\nsecond: 127.0.0.2\nrpcbind: ALL\n'
const deny = 'ALL: ALL\n'

/** tcpd sleeps for 5 s when it refuses (clean_exit.c): side by side that is waited for once. */
const lanes = 16

/** Puts every trial before the real daemons out of the lab's base. */
export async function judge(base: string, trials: readonly Trial[]): Promise<readonly Verdict[]> {
  const own = Array.from({ length: lanes }, (_, lane) =>
    trials.filter((_trial, index) => index % lanes === lane),
  )
  const verdicts = await Promise.all(own.map((some) => judgeLane(base, some)))
  return trials.map((_, index) => {
    const verdict = verdicts[index % lanes]?.[Math.floor(index / lanes)]
    if (verdict === undefined) throw new Error(`no verdict on case ${index}`)
    return verdict
  })
}

/** One after another, in a network of their own. */
async function judgeLane(base: string, trials: readonly Trial[]): Promise<readonly Verdict[]> {
  const folder = mkdtempSync(join(tmpdir(), 'wharfmaster-convert-judge-'))
  try {
    // The programs run as others than root.
    chmodSync(folder, 0o755)
    writeFileSync(join(folder, 'allow'), allow)
    writeFileSync(join(folder, 'deny'), deny)
    for (const name of ['tell.pl', 'ask.pl']) copyFileSync(here(name), join(folder, name))
    for (const [index, trial] of trials.entries()) place(folder, index, trial)
    const isolated = ['--net', '--mount', '--pid', '--fork', '--kill-child']
    await run('unshare', [...isolated, 'bash', here('judge.sh'), base, folder])
    return trials.map((_, index) => verdictIn(join(folder, String(index))))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function place(folder: string, index: number, { text, daemon, conversions, asks, rpcbind }: Trial): void {
  const place = join(folder, String(index))
  mkdirSync(join(place, 'xinetd.d'), { recursive: true })
  writeFileSync(join(place, 'inetd.conf'), encode(text))
  writeFileSync(join(place, 'daemon'), daemon.join(' ').replace('INETD', `/mnt/${index}/inetd.conf`))
  writeFileSync(join(place, 'xinetd.conf'), `includedir /mnt/${index}/xinetd.d\n`)
  for (const one of conversions)
    if (one.kind === 'converted') writeFileSync(join(place, 'xinetd.d', one.fileName), encode(one.text))
  const lines = asks.map(({ protocol, address, port, source }) =>
    [protocol, address.includes(':') ? 6 : 4, address, port, source].join(' '),
  )
  writeFileSync(join(place, 'asks'), lines.map((line) => `${line}\n`).join(''))
  if (rpcbind) writeFileSync(join(place, 'rpcbind'), '')
}

export function run(program: string, args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { timeout: 200_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new Error(`${error.message}\n${stderr}`))
    })
    child.stdin?.end(input)
  })
}

function verdictIn(folder: string): Verdict {
  return {
    before: accountIn(folder, 'before'),
    after: accountIn(folder, 'after'),
    log: readFileSync(join(folder, 'log'), 'utf8'),
  }
}

function accountIn(folder: string, when: string): Account {
  const lines = (name: string): readonly string[] => {
    const path = join(folder, `${when}.${name}`)
    return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : []
  }
  const sockets = lines('sockets')
    .map((line) => line.split(/\s+/))
    .map(([kind = '', , , , local = '']) => `${kind} ${local}`)
  return { sockets: sockets.sort(), said: lines('said'), rpc: lines('rpc') }
}
