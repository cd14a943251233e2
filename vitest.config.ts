import vue from '@vitejs/plugin-vue'
import { configDefaults, defineConfig } from 'vitest/config'

/** What takes long is named *.full.test.ts, and runs by `npm run test:full` alone. */
const full = process.env['WHARFMASTER_FULL'] === '1'
const exclude = [...configDefaults.exclude, ...(full ? [] : ['**/*.full.test.ts'])]

/** Tests that put places to break things into the engine's host script: nobody else may get that script. */
const breaking = ['test/integration/change/{faults,several-hosts,power-cuts,meanwhile}*.test.ts']
const lab = {
  globalSetup: ['test/lab/global-setup.ts'],
  setupFiles: ['test/laws.ts'],
  testTimeout: 180_000,
  hookTimeout: 300_000,
  // They wait for hosts more than they work.
  maxWorkers: 3,
}

/** unit: needs nothing but npm packages. lab and breaking: real hosts; the fixed set is started once by the global set-up. */
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
          setupFiles: ['test/laws.ts'],
          // Most of the time goes into loading modules; no file changes what another one would find.
          isolate: false,
        },
      },
      {
        test: {
          name: 'lab',
          include: ['test/{lab,integration}/**/*.test.ts'],
          exclude: [...exclude, ...breaking],
          ...lab,
          isolate: false,
        },
      },
      {
        test: { name: 'breaking', include: breaking, exclude, ...lab, isolate: true },
      },
    ],
  },
})
