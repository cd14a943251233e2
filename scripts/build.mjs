// Builds main, preload and renderer into out/.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { tail } from './machine.mjs'
import { run } from './process.mjs'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const sources = ['main', 'preload', 'renderer', 'shared', 'electron.vite.config.ts', 'package.json']
const result = path.join(root, 'out', 'renderer', 'index.html')

/**
 * @throws {Error} with the builder's last lines
 */
export async function build() {
  const builder = path.join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const { code, output } = await run([process.execPath, builder, 'build'], { seconds: 180, cwd: root })
  if (code !== 0) throw new Error(`the build failed:\n${tail(output, 30)}`)
}

/** @param {(line: string) => void} say */
export async function buildIfOlder(say) {
  const built = fs.existsSync(result) ? fs.statSync(result).mtimeMs : 0
  if (!sources.some((name) => newest(path.join(root, name)) > built)) return
  say('building the app')
  await build()
}

/**
 * @param {string} file
 * @returns {number} when it, or the youngest file below it, was written; milliseconds since 1970
 */
function newest(file) {
  const stat = fs.statSync(file)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...fs.readdirSync(file).map((name) => newest(path.join(file, name))))
}
