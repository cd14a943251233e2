// Children that cannot hang, and that leave nothing behind. Node built-ins only.
import { spawn } from 'node:child_process'
import fs from 'node:fs'

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set()
/** @type {(() => void | Promise<void>)[]} */
const atEnd = []
/** @type {Promise<void> | null} */
let ending = null

/**
 * @typedef {object} Ran
 * @property {number} code exit code; 128 + the signal's number when a signal ended it
 * @property {boolean} late ended by us because its time was over
 * @property {string} output stdout and stderr as they came, its last 4 MB
 * @property {number} ms how long it ran
 */

/**
 * Runs `argv` with no shell, in a process group of its own, and ends the whole tree after `seconds`.
 * @param {readonly string[]} argv
 * @param {{ seconds: number, env?: NodeJS.ProcessEnv, cwd?: string, onLine?: (line: string) => void,
 *   show?: boolean }} options `show` passes its output through at once; `onLine` hears each line of it
 * @returns {Promise<Ran>} never rejects: what cannot be started has code 127
 */
export function run(argv, { seconds, env = process.env, cwd, onLine, show = false }) {
  const [program = '', ...args] = argv
  const started = performance.now()
  if (isEnding())
    return Promise.resolve({ code: 130, late: false, output: 'not started: interrupted\n', ms: 0 })
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    running.add(child)
    let output = ''
    let partial = ''
    let late = false
    /** @param {string} text */
    const hear = (text) => {
      output = (output + text).slice(-4_000_000)
      if (show) process.stdout.write(text)
      if (onLine === undefined) return
      const lines = (partial + text).split('\n')
      partial = lines.pop() ?? ''
      for (const line of lines) onLine(line)
    }
    const timer = setTimeout(() => {
      late = true
      hear(`\nended: no result within ${seconds} s\n`)
      void endTree(child)
    }, seconds * 1000)
    /** @param {number} code */
    const done = (code) => {
      clearTimeout(timer)
      running.delete(child)
      if (partial !== '') onLine?.(partial)
      resolve({ code, late, output, ms: performance.now() - started })
    }
    child.stdout.setEncoding('utf8').on('data', hear)
    child.stderr.setEncoding('utf8').on('data', hear)
    child.on('error', (error) => {
      hear(`${program}: ${error.message}\n`)
      done(127)
    })
    // 'exit', not 'close': a daemon that it left behind may hold the pipes for ever.
    child.on('exit', (code, signal) => {
      const drained = setTimeout(() => done(code ?? 128 + (signal === 'SIGKILL' ? 9 : 15)), 500)
      child.once('close', () => {
        clearTimeout(drained)
        done(code ?? 128 + (signal === 'SIGKILL' ? 9 : 15))
      })
    })
  })
}

/**
 * Keeps a child that runs beside the others, so that `endAll` takes it down too.
 * @template {import('node:child_process').ChildProcess} T
 * @param {T} child started with `detached: true`
 * @returns {T}
 */
export function own(child) {
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

/**
 * Ends a child and all that descends from it: TERM, and after `graceMs` KILL for what is left.
 * @param {import('node:child_process').ChildProcess} child
 */
export async function endTree(child, graceMs = 20_000) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  // Taken before it ends: what it leaves behind is handed to init and can no longer be told from others.
  const family = descendants(child.pid)
  signalGroup(child.pid, 'SIGTERM')
  const deadline = performance.now() + graceMs
  while (performance.now() < deadline && family.some(isAlive)) await pause(50)
  signalGroup(child.pid, 'SIGKILL')
  for (const member of family) if (isAlive(member)) signal(member.pid, 'SIGKILL')
}

/** @param {() => void | Promise<void>} work done once when the script ends, also after Ctrl+C */
export function onEnd(work) {
  atEnd.push(work)
}

/**
 * Ends every child that still runs, then does what `onEnd` was given, the last one first.
 * @returns {Promise<void>} for whoever asks, when all of that is done
 */
export function endAll() {
  ending ??= (async () => {
    // Not before `ending` is set: what a child's end sets off must not start another.
    await Promise.resolve()
    await Promise.all([...running].map((child) => endTree(child)))
    for (const work of atEnd.splice(0).reverse()) await work()
  })()
  return ending
}

export const isEnding = () => ending !== null

/** Takes everything down on Ctrl+C and its like; a second Ctrl+C ends us at once. */
export function endOnSignals() {
  for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(name, () => {
      if (isEnding()) process.exit(130)
      process.stdout.write('\nending what was started …\n')
      void endAll().finally(() => process.exit(130))
    })
}

/** @param {number} ms */
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** @typedef {{ readonly pid: number, readonly start: string }} Member a pid with its start time: a pid is used again */

/**
 * @param {number} pid
 * @returns {Member[]} it and all its descendants; on other systems than Linux itself alone
 */
function descendants(pid) {
  if (process.platform !== 'linux') return [{ pid, start: '' }]
  /** @type {Map<number, Member[]>} */
  const children = new Map()
  for (const name of fs.readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = statOf(Number(name))
    if (stat === null) continue
    const siblings = children.get(stat.parent) ?? []
    siblings.push({ pid: Number(name), start: stat.start })
    children.set(stat.parent, siblings)
  }
  const family = [{ pid, start: statOf(pid)?.start ?? '' }]
  for (const member of family) family.push(...(children.get(member.pid) ?? []))
  return family
}

/**
 * proc(5): `pid (comm) state ppid …`, the start time is field 22; comm may hold blanks and brackets.
 * @param {number} pid
 */
function statOf(pid) {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? 'Z', parent: Number(fields[1]), start: fields[19] ?? '' }
  } catch {
    return null // ended meanwhile
  }
}

/** @param {Member} member */
function isAlive({ pid, start }) {
  if (process.platform !== 'linux') return signal(pid, 0)
  const stat = statOf(pid)
  return stat !== null && stat.start === start && stat.state !== 'Z'
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals | 0} name
 */
function signal(pid, name) {
  try {
    return process.kill(pid, name)
  } catch {
    return false // ended meanwhile
  }
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} name
 */
function signalGroup(pid, name) {
  if (process.platform === 'win32') return signal(pid, name)
  return signal(-pid, name)
}
