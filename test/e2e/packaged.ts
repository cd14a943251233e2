import path from 'node:path'
import { run } from '../../scripts/process.mjs'
import { root } from './launch'

let made: Promise<string> | null = null

/** The executable of a package of the current build, which differs from users' in nodeCliInspect alone; made once. */
export function packagedApp(): Promise<string> {
  made ??= pack()
  return made
}

async function pack(): Promise<string> {
  const { code, output } = await run([process.execPath, 'scripts/dist.mjs', '--built', '--drivable'], {
    seconds: 120,
    cwd: root,
  })
  if (code !== 0) throw new Error(`the app could not be packaged:\n${output}`)
  return path.join(root, 'dist', 'drivable', 'linux-unpacked', 'wharfmaster')
}
