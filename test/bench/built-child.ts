import path from 'node:path'
import { build } from 'vite'
import { root } from '../e2e/launch'

/** Builds NAME.ts of this folder for Electron's own Node, which users have, and gives the path of what it became. */
export async function builtChild(name: string, folder: string): Promise<string> {
  const file = `${name}.cjs`
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    build: {
      ssr: path.join(root, 'test', 'bench', `${name}.ts`),
      outDir: folder,
      emptyOutDir: false,
      target: 'node18',
      rolldownOptions: { output: { format: 'cjs', entryFileNames: file } },
    },
  })
  return path.join(folder, file)
}
