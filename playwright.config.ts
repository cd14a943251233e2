import { defineConfig } from '@playwright/test'

/** End to end: the real window on real hosts. `npm test` runs it, and `npx playwright test FILE` by hand. */
export default defineConfig({
  testDir: 'test/e2e',
  // What takes long is named *.full.spec.ts, and runs by `npm run test:full` alone.
  testIgnore: process.env['WHARFMASTER_FULL'] === '1' ? [] : ['**/*.full.spec.ts'],
  outputDir: 'test-results/e2e',
  globalSetup: ['./test/e2e/global-setup.ts', './test/lab/global-setup.ts'],
  // Two windows at once would fight for the two cores on which timings are judged.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: process.env['PLAYWRIGHT_JSON_OUTPUT_FILE'] === undefined ? [['list']] : [['list'], ['json']],
})
