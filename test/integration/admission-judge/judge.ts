import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { decode, encode } from '../../../shared/codec'

const script = fileURLToPath(new URL('judge.sh', import.meta.url))

type Probe = { readonly port: number; readonly from: readonly string[]; readonly sentinel?: number }

export type Plan = {
  /** All from which somebody connects. */
  readonly addresses: readonly string[]
  /** Names to look up. */
  readonly names: readonly string[]
  readonly probes: readonly Probe[]
  readonly sessions: readonly Probe[]
  /** Who is refused, after which the daemon is looked at. */
  readonly refused: readonly {
    readonly port: number
    readonly id: string
    readonly from: string
    readonly datagram: boolean
  }[]
  readonly pauses: readonly { readonly port: number; readonly from: string }[]
  readonly sensors: readonly { readonly port: number; readonly from: string }[]
  readonly banned: readonly Probe[]
}

const knocked = z.object({ in: z.boolean(), minutes: z.array(z.number()) })
const results = z.object({
  names: z.record(z.string(), z.string().nullable()),
  mapped: z.record(z.string(), z.string().nullable()),
  resolved: z.record(z.string(), z.boolean()),
  probes: z.array(z.array(knocked)),
  sessions: z.array(z.array(z.boolean())),
  pauses: z.array(
    z.object({
      answered: z.number(),
      began: z.number(),
      dump: z.string(),
      still: z.boolean(),
      ended: z.number(),
    }),
  ),
  banned: z.array(z.array(knocked)),
  afterwards: z.object({ dump: z.string(), sockets: z.string() }),
})

export type Results = z.infer<typeof results> & {
  /** The daemon's, and that of its services. */
  readonly log: string
  readonly services: string
}

/** Lets the real daemon out of the lab's base run with the files, and connects to it as planned. */
export async function judge(
  base: string,
  files: Readonly<Record<string, string>>,
  plan: Plan,
): Promise<Results> {
  const folder = mkdtempSync(join(tmpdir(), 'wharfmaster-admission-'))
  try {
    const all = {
      ...files,
      addresses: `${plan.addresses.filter(isAdded).join('\n')}\n`,
      'plan.json': JSON.stringify(plan),
    }
    for (const [name, text] of Object.entries(all)) writeFileSync(join(folder, name), encode(text))
    await run('unshare', ['--net', '--mount', '--pid', '--fork', '--kill-child', 'sh', script, base, folder])
    const read = (name: string): string => decode(readFileSync(join(folder, name)))
    return {
      ...results.parse(JSON.parse(read('results.json'))),
      log: read('log'),
      services: read('services.log'),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The others are those of lo itself. */
function isAdded(address: string): boolean {
  return !address.startsWith('127.') && address !== '::1'
}

function run(program: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { timeout: 120_000 }, (error, _stdout, stderr) => {
      if (error === null) resolve()
      else reject(new Error(`${error.message}\n${stderr}`))
    })
  })
}
