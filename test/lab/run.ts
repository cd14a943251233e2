import { spawn } from 'node:child_process'

/** What a program answered. `stdout` is bytes, since hosts hold files in any encoding. */
export type Ran = { readonly code: number; readonly stdout: Buffer; readonly stderr: string }

export type RunOptions = {
  readonly input?: string | Uint8Array
  /** Milliseconds; after them the program is killed and the call rejects. Default 60 000. */
  readonly timeoutMs?: number
}

/** Runs `argv` with no shell. Rejects when it cannot be started or is killed; a code other than 0 is an answer. */
export function run(argv: readonly [string, ...string[]], options: RunOptions = {}): Promise<Ran> {
  const [program, ...args] = argv
  const timeoutMs = options.timeoutMs ?? 60_000
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    let late = false
    const timer = setTimeout(() => {
      late = true
      child.kill('SIGKILL')
      // A grandchild may still hold the pipes: without this 'close' would wait for it.
      child.stdout.destroy()
      child.stderr.destroy()
    }, timeoutMs)
    child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes))
    child.stderr.on('data', (bytes: Buffer) => stderr.push(bytes))
    // A program may end without reading its input (EPIPE); its exit code tells what went wrong.
    child.stdin.on('error', () => undefined)
    child.stdin.end(options.input ?? '')
    child.on('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      const errors = Buffer.concat(stderr).toString()
      if (late) reject(new Error(`${argv.join(' ')}: no answer within ${String(timeoutMs)} ms\n${errors}`))
      else if (code === null) reject(new Error(`${argv.join(' ')}: ended by ${String(signal)}\n${errors}`))
      else resolve({ code, stdout: Buffer.concat(stdout), stderr: errors })
    })
  })
}

/** As run(), but a code other than 0 rejects too, with what the program said. Gives its stdout as text. */
export async function must(argv: readonly [string, ...string[]], options: RunOptions = {}): Promise<string> {
  const ran = await run(argv, options)
  if (ran.code !== 0) {
    throw new Error(`${argv.join(' ')}: exit code ${String(ran.code)}\n${ran.stderr}${ran.stdout.toString()}`)
  }
  return ran.stdout.toString()
}
