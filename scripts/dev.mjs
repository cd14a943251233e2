// npm run dev: the app with hot reload of its page, on the runtime that this machine has.
import { spawn } from 'node:child_process'
import path from 'node:path'
import { root, setUp } from './setup.mjs'

/** @param {string} line */
const say = (line) => void process.stderr.write(`${line}\n`)

try {
  const { electron } = await setUp({ lab: false, say })
  const words = process.getuid?.() === 0 ? ['--noSandbox'] : []
  const child = spawn(
    process.execPath,
    [
      path.join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js'),
      'dev',
      '--watch',
      ...words,
      ...process.argv.slice(2),
    ],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ELECTRON_EXEC_PATH: electron },
    },
  )
  for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(name, () => child.kill(name))
  child.on('exit', (code) => process.exit(code ?? 1))
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
