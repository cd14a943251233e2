// npm run demo: set-up, practice hosts, and the app on them. With a display that answers the app stays open to play
// with; without one, or with --tour, the guided tour runs and leaves demo/index.html.
import { spawn } from 'node:child_process'
import path from 'node:path'
import { buildIfOlder } from './build.mjs'
import { displayAnswers, startDisplay } from './display.mjs'
import { endAll, endOnSignals, onEnd } from './process.mjs'
import { root, sayTimed as say, setUp } from './setup.mjs'

endOnSignals()
let code = 1
try {
  const { electron } = await setUp({ lab: true, say })
  await buildIfOlder(say)
  const stay = !process.argv.includes('--tour') && (await displayAnswers())
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, WHARFMASTER_ELECTRON: electron }
  if (!stay) env['DISPLAY'] = (await startDisplay()).display
  say(stay ? 'starting the practice hosts and the app' : 'starting the practice hosts for the guided tour')
  code = await tour(stay ? ['--stay'] : [], env)
} catch (error) {
  say(`FAILED: ${error instanceof Error ? error.message : String(error)}`)
} finally {
  await endAll()
}
process.exit(code)

/**
 * @param {readonly string[]} words
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} its exit code
 */
function tour(words, env) {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', path.join(root, 'scripts', 'tour', 'run.ts'), ...words],
    {
      cwd: root,
      env,
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  )
  const ended = new Promise((resolve) => {
    child.once('error', () => resolve(127))
    child.once('exit', (status) => resolve(status ?? 130))
  })
  // Told alone: it takes its app and its hosts down itself.
  onEnd(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await ended
  })
  return ended
}
