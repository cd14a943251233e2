import { existsSync } from 'node:fs'
import path from 'node:path'
import { displayAnswers, startDisplay } from '../../scripts/display.mjs'
import { ensureElectron } from '../../scripts/electron-runtime.mjs'
import { root } from './launch'

/** The runtime, a display and the build, for whoever runs Playwright by hand; `npm test` has made them before. */
export default async function setUp(): Promise<() => Promise<void>> {
  const ends: (() => Promise<void>)[] = []
  if (!existsSync(path.join(root, 'out', 'main', 'app.cjs')))
    throw new Error('the app is not built: run `npm run build` first')
  if (process.env['WHARFMASTER_ELECTRON'] === undefined) {
    const runtime = await ensureElectron((line: string) => {
      console.log(line)
    })
    process.env['WHARFMASTER_ELECTRON'] = runtime.executable
  }
  if (!(await displayAnswers())) {
    const { display, end } = await startDisplay()
    process.env['DISPLAY'] = display
    ends.push(end)
  }
  return async () => {
    for (const end of ends.reverse()) await end()
  }
}
