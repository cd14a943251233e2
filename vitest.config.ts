import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

/** unit: needs nothing but npm packages. lab: real hosts, started once by the global set-up. */
export default defineConfig({
  test: {
    projects: [
      {
        plugins: [vue()],
        test: { name: 'unit', include: ['{shared,main,renderer,preload,scripts}/**/*.test.ts'], environment: 'node' },
      },
      {
        test: {
          name: 'lab',
          include: ['test/{lab,integration}/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
