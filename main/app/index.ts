import { app, dialog } from 'electron'
import { lockDown, lockDownSession } from './lockdown'
import { complain } from './log'
import { registerScheme, serveRenderer } from './protocol'
import { createWindow } from './window'

/** Tests and the demo give the app a profile of its own. */
const ownData = app.commandLine.getSwitchValue('wharfmaster-data')
if (ownData) app.setPath('userData', ownData)

registerScheme()
lockDown()

if (app.requestSingleInstanceLock()) start().catch(failed)
else app.quit()

/** The window comes first: what the rest is made of is read while its page's process starts. */
async function start(): Promise<void> {
  await app.whenReady()
  serveRenderer()
  lockDownSession()
  const window = createWindow(complain)
  const { run } = await import('./run')
  run(window)
}

function failed(error: unknown): void {
  complain(error)
  dialog.showErrorBox('Wharfmaster', String(error))
  app.exit(1)
}
