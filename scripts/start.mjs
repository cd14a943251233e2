// npm start: the app for daily use, on the runtime that this machine has. Builds it first when sources are newer.
import { spawn } from 'node:child_process'
import { buildIfOlder } from './build.mjs'
import { root, setUp } from './setup.mjs'

/** @param {string} line */
const say = (line) => void process.stderr.write(`${line}\n`)

try {
  const { electron } = await setUp({ lab: false, say })
  await buildIfOlder(say)
  const child = spawn(
    electron,
    [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), root, ...process.argv.slice(2)],
    {
      stdio: 'inherit',
    },
  )
  for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(name, () => child.kill(name))
  child.on('exit', (code) => process.exit(code ?? 1))
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
