import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
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

/** Debian's account without rights. */
export const nobody = { uid: 65534, gid: 65534 }

/**
 * A program that starts the packaged app as an ordinary user, who could not even read the folder it is built in: the
 * app is bound to a place of its own in a mount namespace that ends with it.
 */
export function asOrdinaryUser(executable: string): { readonly program: string; readonly home: string } {
  const place = mkdtempSync(path.join(tmpdir(), 'wharfmaster-user-'))
  chmodSync(place, 0o755)
  const app = path.join(place, 'app')
  const home = path.join(place, 'home')
  mkdirSync(app)
  mkdirSync(home, { mode: 0o700 })
  chownSync(home, nobody.uid, nobody.gid)
  const program = path.join(place, 'start')
  const bind = `mount --bind '${path.dirname(executable)}' '${app}'`
  const drop = `setpriv --reuid ${String(nobody.uid)} --regid ${String(nobody.gid)} --clear-groups --inh-caps=-all`
  writeFileSync(
    program,
    `#!/bin/sh\nexec unshare --mount sh -c "${bind} && exec ${drop} '${app}/wharfmaster' \\"\\$@\\"" sh "$@"\n`,
    { mode: 0o755 },
  )
  return { program, home }
}
