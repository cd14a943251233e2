import path from 'node:path'
import { app } from 'electron'

/** The build folder: out/main at development, the same inside app.asar when packaged. */
const built = path.join(app.getAppPath(), 'out')

export const paths = {
  preload: path.join(built, 'preload', 'index.cjs'),
  hostProcess: path.join(built, 'main', 'host-process.cjs'),
  renderer: path.join(built, 'renderer'),
}
