import { defineConfig } from '@playwright/test'

/** Practice hosts that only one worker uses: as many windows may stand side by side. */
const labs = (process.env['WHARFMASTER_LAB'] ?? '').split(',')
/** What judges by the clock has the machine to itself, and is no part of a daily run. */
const byClock = '**/terminal-flood.full.spec.ts'
const full = process.env['WHARFMASTER_FULL'] === '1' ? [] : ['**/*.full.spec.ts']

/** End to end: the real window on real hosts. `npm test` runs it, and `npx playwright test FILE` by hand. */
export default defineConfig({
  testDir: 'test/e2e',
  // What takes long is named *.full.spec.ts, and runs by `npm run test:full` alone.
  projects: [
    { name: 'windows', testIgnore: [byClock, ...full], outputDir: 'test-results/e2e' },
    { name: 'clock', testMatch: byClock, testIgnore: full, outputDir: 'test-results/e2e-clock', workers: 1 },
  ],
  globalSetup: ['./test/e2e/global-setup.ts', './test/lab/global-setup.ts'],
  workers: labs.length,
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  timeout: 300_000,
  expect: { timeout: 30_000 },
  reporter: process.env['PLAYWRIGHT_JSON_OUTPUT_FILE'] === undefined ? [['list']] : [['list'], ['json']],
})
