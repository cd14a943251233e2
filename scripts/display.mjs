// A display for windows that nobody watches. Node built-ins only.
import { spawn } from 'node:child_process'
import net from 'node:net'
import { endTree, own } from './process.mjs'

/**
 * True when an X or Wayland server answers at what the environment names.
 * @returns {Promise<boolean>}
 */
export async function displayAnswers() {
  if (process.platform !== 'linux') return true
  const wayland = process.env['WAYLAND_DISPLAY']
  const runtime = process.env['XDG_RUNTIME_DIR']
  if (wayland && runtime && (await connects({ path: `${runtime}/${wayland}` }))) return true
  const [, host = '', number] = /^(.*?):(\d+)/.exec(process.env['DISPLAY'] ?? '') ?? []
  if (number === undefined) return false
  if (host === '' || host === 'unix') return connects({ path: `/tmp/.X11-unix/X${number}` })
  return connects({ host, port: 6000 + Number(number) })
}

/**
 * Starts Xvfb on a number that it chooses itself, 1600 × 1000 in 24 bits, reached by a local socket alone.
 * @returns {Promise<{ display: string, end: () => Promise<void> }>}
 * @throws {Error} with what Xvfb said
 */
export function startDisplay() {
  const child = own(
    spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp', '-noreset'], {
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    }),
  )
  return new Promise((resolve, reject) => {
    let said = ''
    const late = setTimeout(() => {
      void endTree(child)
      reject(new Error(`Xvfb named no display within 15 s\n${said}`))
    }, 15_000)
    child.stderr?.on('data', (text) => (said += String(text)))
    child.on('error', (error) => {
      clearTimeout(late)
      reject(new Error(`Xvfb could not be started: ${error.message}`))
    })
    child.on('exit', (code) => {
      clearTimeout(late)
      reject(new Error(`Xvfb ended with ${code}\n${said}`))
    })
    const numbers = child.stdio[3]
    numbers?.once('data', (number) => {
      clearTimeout(late)
      resolve({ display: `:${String(number).trim()}`, end: () => endTree(child) })
    })
  })
}

/** @param {net.NetConnectOpts} where */
function connects(where) {
  return new Promise((resolve) => {
    const socket = net.connect(where)
    socket.setTimeout(1000, () => socket.destroy(new Error('timeout')))
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}
