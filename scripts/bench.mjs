// npm run bench [-- NAME …]: the app beside others, each line a ratio; writes docs/benchmarks.md.
import path from 'node:path'
import { buildIfOlder } from './build.mjs'
import { displayAnswers, startDisplay } from './display.mjs'
import { endAll, endOnSignals, run } from './process.mjs'
import { root, sayTimed as say, setUp } from './setup.mjs'

endOnSignals()
let code = 1
try {
  const { electron } = await setUp({ lab: true, bench: true, say })
  await buildIfOlder(say)
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, WHARFMASTER_ELECTRON: electron }
  if (!(await displayAnswers())) env['DISPLAY'] = (await startDisplay()).display
  const words = ['--import', 'tsx', path.join(root, 'test', 'bench', 'run.ts'), ...process.argv.slice(2)]
  const ran = await run([process.execPath, ...words], { seconds: 1800, cwd: root, env, show: true })
  code = ran.code
} catch (error) {
  say(`FAILED: ${error instanceof Error ? error.message : String(error)}`)
} finally {
  await endAll()
}
process.exit(code)
