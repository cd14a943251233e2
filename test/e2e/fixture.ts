import { writeFileSync } from 'node:fs'
import { test as base, type ElectronApplication, type Page } from '@playwright/test'
import { launchApp, type LaunchOptions, type RunningApp } from './launch'

export { expect } from '@playwright/test'

/**
 * No film in a trace, and no copy of the page at each step: they take a third of a test's time. The picture of a failure
 * is taken by itself; WHARFMASTER_TRACE=1 keeps the copies.
 */
const copies = process.env['WHARFMASTER_TRACE'] === '1'

type Fixtures = {
  /** Starts one more app; every app that a test starts is closed after it, with traces kept when it failed. */
  readonly launch: (options?: LaunchOptions) => Promise<RunningApp>
  /** An app with an empty home of its own. */
  readonly running: RunningApp
  readonly app: ElectronApplication
  readonly page: Page
}

export const test = base.extend<Fixtures>({
  // Playwright reads the names of what a fixture needs from this pattern, so it must be one.
  launch: async ({}, use, info) => {
    const started: RunningApp[] = []
    await use(async (options) => {
      const running = await launchApp(options)
      started.push(running)
      await running.app.context().tracing.start({ screenshots: false, snapshots: copies })
      return running
    })
    const failed = info.status !== info.expectedStatus
    for (const [index, running] of started.entries()) {
      if (failed) await keepEvidence(running, (name) => info.outputPath(`${String(index)}-${name}`))
      await running.close()
    }
  },
  running: async ({ launch }, use) => {
    await use(await launch())
  },
  app: async ({ running }, use) => {
    await use(running.app)
  },
  page: async ({ running }, use) => {
    await use(running.page)
  },
})

/** A test may have failed because the app is gone: what can still be had is kept, and the rest named. */
async function keepEvidence(
  { app, page, output }: RunningApp,
  file: (name: string) => string,
): Promise<void> {
  const said = [...output]
  const attempt = async (what: string, work: () => Promise<unknown>) => {
    try {
      await work()
    } catch (error) {
      said.push(`${what} could not be kept: ${String(error)}`)
    }
  }
  await attempt('a picture', () => page.screenshot({ path: file('page.png'), timeout: 5000 }))
  await attempt('the trace', () => app.context().tracing.stop({ path: file('trace.zip') }))
  writeFileSync(file('output.log'), said.join('\n'))
}
