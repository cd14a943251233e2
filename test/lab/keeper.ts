import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { must } from './run'
import { instanceFolder, isCode, startTime, stateRoot, tool } from './state'

/** Holds the lab's lock, and takes the lab down when told to or when this process dies. */
export type Keeper = {
  /** Takes everything down. Rejects if something could not be, naming it. */
  close(): Promise<void>
}

/**
 * Takes the lock of `instance` and cleans up what a crashed lab of that name left. Rejects with the owner's pid if
 * such a lab is running. The keeper is a process of its own which outlives us when we are killed.
 */
export async function startKeeper(instance: string): Promise<Keeper> {
  mkdirSync(stateRoot, { recursive: true })
  const lock = join(stateRoot, `${instance}.lock`)
  const child = spawn(
    'flock',
    [
      '--nonblock',
      '--conflict-exit-code',
      '75',
      lock,
      'sh',
      tool('keeper.sh'),
      'keep',
      instanceFolder(instance),
    ],
    { detached: true, stdio: ['pipe', 'pipe', 'pipe'] },
  )
  const left: string[] = []
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      resolve(code)
    })
  })
  const ready = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'ready') resolve()
      else left.push(line)
    })
  })
  createInterface({ input: child.stderr }).on('line', (line) => left.push(line))
  const refused = await Promise.race([ready.then(() => null), ended])
  if (refused === 75) throw new LabBusy(instance, readOwner(lock))
  if (refused !== null) throw new Error(`the lab's keeper ended with ${String(refused)}: ${left.join('; ')}`)
  writeFileSync(`${lock}-owner`, `${String(process.pid)} ${startTime(process.pid) ?? ''}\n`)
  return {
    close: async () => {
      child.stdin.end()
      await ended
      if (left.length > 0) throw new Error(`the lab could not take everything down: ${left.join('; ')}`)
    },
  }
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
  return readOwner(join(stateRoot, `${instance}.lock`))
}

function readOwner(lock: string): number | null {
  try {
    const [pid, start] = readFileSync(`${lock}-owner`, 'utf8').trim().split(' ')
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
