import { spawn } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { Duplex } from 'node:stream'
import { createAgent } from 'ssh2'
import type { AgentMachine, AgentPlace, Environment } from '../environment'

const pipeFolder = '\\\\.\\pipe\\'

/** This computer's own. */
const realMachine: AgentMachine = {
  connect(path) {
    return new Promise((resolve, reject) => {
      const agent = createAgent(path)
      if (agent.getStream === undefined) {
        reject(new Error('no such agent'))
        return
      }
      agent.getStream((error, stream) => {
        if (stream) resolve(stream)
        else reject(error ?? new Error('the agent cannot be reached'))
      })
    })
  },
  pipes: () => readdir(pipeFolder),
  pageantHelper: () => unpacked(createRequire(import.meta.url).resolve('ssh2/util/pagent.exe')),
}

/** A program cannot be started out of the app's archive; electron-builder lays this one beside it. */
export function unpacked(path: string): string {
  return path.replace(/app\.asar(?=[/\\])/, 'app.asar.unpacked')
}

/**
 * A way to an agent, good for one request. Rejects when nobody is there.
 * @param requestBytes how long the request will be
 */
export async function openAgent(env: Environment, place: AgentPlace, requestBytes: number): Promise<Duplex> {
  const machine = env.agents ?? realMachine
  if (place.kind === 'socket') return machine.connect(place.path)
  for (const name of pageantPipes(await machine.pipes().catch(() => []), env.user)) {
    const stream = await machine.connect(pipeFolder + name).catch(() => null)
    if (stream !== null) return stream
  }
  return throughHelper(machine.pageantHelper(), requestBytes)
}

/**
 * PuTTY 0.75 and later listens on `pageant.USER.HASH`. The hash comes from a key that Windows gives to the user's own
 * programs alone (agent_named_pipe_name() in PuTTY's source), so the name is looked for and not computed.
 */
export function pageantPipes(names: readonly string[], user: string): readonly string[] {
  const start = `pageant.${user}.`.toLowerCase()
  return names
    .filter(
      (name) => name.toLowerCase().startsWith(start) && /^[0-9a-f]{64}$/i.test(name.slice(start.length)),
    )
    .sort()
}

/** Older ones answer to window messages, for which ssh2 brings a small program: the request in, the answer out. */
function throughHelper(program: string, requestBytes: number): Promise<Duplex> {
  const child = spawn(program, [String(requestBytes)], {
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('spawn', () => {
      const stream = Duplex.from({ readable: child.stdout, writable: child.stdin })
      stream.once('close', () => child.kill())
      // Its exit before an answer is the end of the stream, which is told as such.
      child.on('error', () => undefined)
      resolve(stream)
    })
  })
}
