import { fileURLToPath } from 'node:url'
import ui from '@nuxt/ui/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'
import { cssProperties } from './scripts/css-properties'
import { methods } from './shared/contract'
import { streamParams } from './shared/contract/stream'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** One build for both runtimes: Electron 25 (development where the newest cannot be had) and the newest. */
export default defineConfig({
  main: {
    build: {
      target: 'node18',
      outDir: 'out/main',
      // Bundled, what is many small files is read at once; ssh2 and what it brings stays as it is.
      externalizeDeps: { exclude: ['zod', '@noble/hashes', 'diff', 'ipaddr.js'] },
      rolldownOptions: {
        input: { app: at('main/app/index.ts'), 'host-process': at('main/host-process.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunk-[hash].cjs' },
      },
    },
  },
  preload: {
    // The preload is built from the contract: it knows its names, and carries none of its schemas.
    define: {
      __METHODS__: JSON.stringify(Object.keys(methods)),
      __STREAMS__: JSON.stringify(Object.keys(streamParams)),
    },
    build: {
      target: 'node18',
      outDir: 'out/preload',
      externalizeDeps: false,
      rolldownOptions: {
        input: at('preload/index.ts'),
        output: { format: 'cjs', entryFileNames: 'index.cjs' },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    plugins: [
      vue(),
      ui({
        root: at('.'),
        router: false,
        // The shell paints light or dark by the app's settings.
        colorMode: false,
        // Dense by default: 28 px controls with 12 px text.
        theme: { defaultVariants: { size: 'sm' } },
        ui: {
          colors: { primary: 'harbor', neutral: 'zinc' },
          // A long body scrolls; it does not press the title out of the dialog.
          modal: { slots: { header: 'shrink-0' } },
        },
        autoImport: false,
        components: { dts: at('renderer/components.d.ts'), dirs: [] },
        icon: { clientBundle: { scan: { globInclude: ['renderer/**/*.{vue,ts}'] }, sizeLimitKb: 512 } },
      }),
      cssProperties(),
    ],
    build: {
      target: 'chrome114',
      cssTarget: 'chrome114',
      minify: true,
      outDir: at('out/renderer'),
      emptyOutDir: true,
      rolldownOptions: {
        input: at('renderer/index.html'),
        output: {
          codeSplitting: {
            groups: [
              { name: 'start', tags: ['$initial'] },
              { name: 'common', minShareCount: 2 },
            ],
          },
        },
      },
    },
  },
})
