import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { must, run } from './run'
import { instanceFolder, isCode, startTime, stateRoot, tool } from './state'

/** Holds the lab's lock, and takes the lab down when told to or when this process dies. */
export type Keeper = {
  /** Takes everything down. Rejects if something could not be, naming it. */
  close(): Promise<void>
}

const lockIsTaken = 75

/**
 * Takes the lock of `instance` and cleans up what a crashed lab of that name left. Rejects with LabBusy if such a
 * lab is running. The keeper is a process of its own, which outlives us when we are killed.
 */
export async function startKeeper(instance: string): Promise<Keeper> {
  const child = spawn('sh', keepArguments(instance), { detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
  const said: string[] = []
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      resolve(code)
    })
  })
  const ready = new Promise<null>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'ready') resolve(null)
      else said.push(line)
    })
  })
  createInterface({ input: child.stderr }).on('line', (line) => said.push(line))
  const code = await Promise.race([ready, ended])
  if (code === lockIsTaken) throw new LabBusy(instance, labOwner(instance))
  if (code !== null) throw new Error(`the lab's keeper ended with ${String(code)}: ${said.join('; ')}`)
  return {
    close: async () => {
      child.stdin.end('close\n')
      await ended
      if (said.length > 0) throw new Error(`the lab could not take everything down: ${said.join('; ')}`)
    },
  }
}

/** Takes down labs whose process and keeper both died, whatever their names. */
export async function sweepOrphans(): Promise<void> {
  if (!existsSync(stateRoot)) return
  const locks = readdirSync(stateRoot).filter((name) => name.endsWith('.lock'))
  await Promise.all(
    locks.map(async (name) => {
      const instance = name.slice(0, -'.lock'.length)
      const { code, stdout, stderr } = await run(['sh', ...keepArguments(instance)], { input: 'close\n' })
      const left = stdout.toString().replace(/^ready\n/m, '') + stderr
      if (code !== lockIsTaken && left !== '')
        throw new Error(`of the crashed lab "${instance}" ${left.trim()}`)
    }),
  )
}

function keepArguments(instance: string): readonly string[] {
  return [
    tool('keeper.sh'),
    'keep',
    instanceFolder(instance),
    String(process.pid),
    startTime(process.pid) ?? '0',
  ]
}

export class LabBusy extends Error {
  constructor(
    readonly instance: string,
    readonly owner: number | null,
  ) {
    const by = owner === null ? '' : ` (process ${String(owner)})`
    super(`a lab named "${instance}" is running already${by}; give this one another name, or end that one`)
  }
}

/** The process that runs the lab `instance`, or null. */
export function labOwner(instance: string): number | null {
  try {
    const [pid, start] = readFileSync(join(stateRoot, `${instance}.lock`), 'utf8')
      .trim()
      .split(' ')
    return startTime(Number(pid)) === start ? Number(pid) : null
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null
    throw error
  }
}

/** Takes down one host of a running lab, by its registry. */
export async function sweepHost(folder: string): Promise<void> {
  await tell('sweep', folder)
}

/** Ends the processes of one host at once, and leaves its disk and its network. */
export async function crashHost(folder: string): Promise<void> {
  await tell('crash', folder)
}

async function tell(order: 'sweep' | 'crash', folder: string): Promise<void> {
  const said = await must(['sh', tool('keeper.sh'), order, folder])
  if (said.trim() !== '') throw new Error(`could not be taken down: ${said.trim()}`)
}
