import vue from '@vitejs/plugin-vue'
import { configDefaults, defineConfig } from 'vitest/config'

/** What takes long is named *.full.test.ts, and runs by `npm run test:full` alone. */
const full = process.env['WHARFMASTER_FULL'] === '1'
const exclude = [...configDefaults.exclude, ...(full ? [] : ['**/*.full.test.ts'])]

/** unit: needs nothing but npm packages. lab: real hosts; the fixed set is started once by the global set-up. */
export default defineConfig({
  test: {
    allowOnly: false,
    projects: [
      {
        plugins: [vue()],
        test: {
          name: 'unit',
          include: ['{shared,main,renderer,preload,scripts}/**/*.test.ts'],
          exclude,
          environment: 'node',
          // Most of the time goes into loading modules; no file changes what another one would find.
          isolate: false,
        },
      },
      {
        test: {
          name: 'lab',
          include: ['test/{lab,integration}/**/*.test.ts'],
          exclude,
          globalSetup: ['test/lab/global-setup.ts'],
          isolate: false,
          // They wait for hosts more than they work.
          maxWorkers: 3,
          testTimeout: 60_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
