// npm run dist [-- TARGET …]: packages the app. Without targets: a folder and a tar.gz for this system, which
// need nothing from the network. `--drivable`: the package that end-to-end tests drive, which lets itself be
// inspected and is else the same.
import fs from 'node:fs'
import { isBuiltin } from 'node:module'
import path from 'node:path'
import { build } from './build.mjs'
import { endAll, endOnSignals, run } from './process.mjs'
import { root, sayTimed as say, setUp } from './setup.mjs'

const words = process.argv.slice(2)
const drivable = words.includes('--drivable')
const built = words.includes('--built')
const targets = words.filter((word) => !word.startsWith('--'))

endOnSignals()
try {
  await dist()
} catch (error) {
  say(`FAILED: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
} finally {
  await endAll()
}

async function dist() {
  const runtime = await setUp({ lab: false, say })
  if (!built) {
    say('building')
    await build()
  }
  const { Arch, build: pack, Platform } = await import('electron-builder')
  const wanted = targets.length > 0 ? targets : drivable ? ['dir'] : ['dir', 'tar.gz']
  // electron-builder would fetch a packer from its release site for what tar does as well.
  const byTar = wanted.includes('tar.gz') && process.platform === 'linux'
  const output = drivable ? 'dist/drivable' : 'dist'
  say(`packaging ${wanted.join(', ')} with Electron ${runtime.electronVersion}`)
  const made = await pack({
    projectDir: root,
    targets: Platform.current().createTarget(
      byTar ? ['dir', ...wanted.filter((target) => target !== 'tar.gz' && target !== 'dir')] : wanted,
      Arch[process.arch === 'arm64' ? 'arm64' : 'x64'],
    ),
    publish: 'never',
    config: {
      extends: path.join(root, 'electron-builder.yml'),
      directories: { output },
      electronVersion: runtime.electronVersion,
      electronDist: runtime.electronFolder,
      // The stand-in runtime's own starter; a release of Electron has its own, which electron-builder removes.
      afterPack: ({ appOutDir }) => {
        fs.rmSync(path.join(appOutDir, 'resources', 'default_app.asar'), { force: true })
      },
      files: runtimePackages().map((name) => `node_modules/${name}/**`),
      electronFuses: {
        ...(drivable ? { enableNodeCliInspectArguments: true } : {}),
        // A fuse of Electron 29 and later.
        ...(Number.parseInt(runtime.electronVersion) >= 29
          ? { grantFileProtocolExtraPrivileges: false }
          : {}),
      },
    },
  })
  if (byTar) made.push(await tarball(path.join(root, output)))
  for (const file of made) say(`made ${path.relative(root, file)}`)
}

/**
 * @param {string} output the folder that holds linux-unpacked
 * @returns {Promise<string>} the archive, whose files stand in one folder of its own name
 */
async function tarball(output) {
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
  const name = `wharfmaster-${version}-linux-${process.arch}`
  const file = path.join(output, `${name}.tar.gz`)
  const unpacked = process.arch === 'arm64' ? 'linux-arm64-unpacked' : 'linux-unpacked'
  const { code, output: said } = await run(
    [
      'tar',
      '-C',
      output,
      '--owner=0',
      '--group=0',
      `--transform=s,^${unpacked},${name},`,
      '-czf',
      file,
      unpacked,
    ],
    { seconds: 300 },
  )
  if (code !== 0) throw new Error(`tar: exit code ${code}\n${said}`)
  return file
}

/**
 * The packages that the built main process requires, with all that they need in turn. What the page needs is in
 * its bundle already; optional packages are native code that nothing here needs.
 * @returns {string[]}
 */
function runtimePackages() {
  const folder = path.join(root, 'out', 'main')
  /** @type {Set<string>} */
  const names = new Set()
  for (const file of fs.readdirSync(folder)) {
    if (!file.endsWith('.cjs')) continue
    const text = fs.readFileSync(path.join(folder, file), 'utf8')
    for (const [, name = ''] of text.matchAll(/\brequire\(["']((?:@[^/"']+\/)?[^./"'][^/"']*)[^"']*["']\)/g))
      if (name !== 'electron' && !isBuiltin(name)) names.add(name)
  }
  for (const name of names) {
    const manifest = path.join(root, 'node_modules', name, 'package.json')
    const { dependencies = {} } = JSON.parse(fs.readFileSync(manifest, 'utf8'))
    for (const needed of Object.keys(dependencies)) names.add(needed)
  }
  return [...names].sort()
}
