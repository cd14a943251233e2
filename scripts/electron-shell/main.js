// Stands in for Electron's own default_app.asar, which a packaged runtime lacks: lets
// `electron [flags] APP [args]` start an app folder or file. CommonJS, because Electron loads it that way.
const { app } = require('electron')
const fs = require('fs')
const path = require('path')
const Module = require('module')

const argv = process.argv.slice(1)
const preloads = []
let target = null
for (let i = 0; i < argv.length; i++) {
  const word = argv[i]
  if (word === '--version' || word === '-v') {
    console.log('v' + process.versions.electron)
    process.exit(0)
  }
  if (word === '-r' || word === '--require') {
    preloads.push(argv[++i])
    continue
  }
  if (word.startsWith('-')) continue
  target = word
  break
}
process.defaultApp = true
Module._preloadModules(preloads)
if (!target) {
  console.error('usage: electron APP')
  process.exit(1)
}
let main = path.resolve(target)
if (fs.statSync(main).isDirectory()) {
  const manifest = JSON.parse(fs.readFileSync(path.join(main, 'package.json'), 'utf8'))
  if (manifest.version) app.setVersion(manifest.version)
  app.name = manifest.productName || manifest.name || app.name
  app.setPath('userData', path.join(app.getPath('appData'), app.name))
  app.setPath('sessionData', app.getPath('userData'))
  app.setAppPath(main)
  main = require.resolve(main)
}
Module._load(main, Module, true)
