import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { run } from '../../scripts/process.mjs'
import { root } from './launch'

const folder = path.join(root, 'dist', 'drivable', 'linux-unpacked')
const executable = path.join(folder, 'wharfmaster')
const done = path.join(folder, 'resources', 'app.asar')
const inputs = ['out/main/app.cjs', 'out/renderer/index.html', 'electron-builder.yml', 'scripts/dist.mjs']

/** The executable of a package of the current build, which differs from users' in nodeCliInspect alone. */
export async function packagedApp(): Promise<string> {
  if (existsSync(executable) && existsSync(done)) {
    const made = statSync(executable).ctimeMs
    if (inputs.every((name) => statSync(path.join(root, name)).mtimeMs < made)) return executable
  }
  const { code, output } = await run([process.execPath, 'scripts/dist.mjs', '--built', '--drivable'], {
    seconds: 120,
    cwd: root,
  })
  if (code !== 0) throw new Error(`the app could not be packaged:\n${output}`)
  return executable
}
