import type { ElectronApplication } from '@playwright/test'

/** Ends the process that talks to hosts, as a crash does. */
export const crashHostProcess = (app: ElectronApplication): Promise<void> =>
  app.evaluate(({ app: electron }) => {
    const metric = electron
      .getAppMetrics()
      .find(({ name, type }) => type === 'Utility' && name === 'Wharfmaster hosts')
    if (metric === undefined) throw new Error('there is no host process')
    process.kill(metric.pid, 'SIGKILL')
  })
