import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'

const lockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({ optionalDependencies: z.record(z.string(), z.string()).optional() }),
  ),
})

/**
 * `npm ci` refuses a lock file that names no version for a package's native parts on other systems, and npm writes
 * such a one when the registry lacks them. (npm/cli #4828)
 */
test('the lock file names the optional packages of every system', () => {
  const text = readFileSync(path.resolve(import.meta.dirname, '../package-lock.json'), 'utf8')
  const { packages } = lockfile.parse(JSON.parse(text))
  const absent = Object.entries(packages).flatMap(([from, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !isFound(packages, from, name)),
  )
  expect(absent).toEqual([])
})

/** As Node does: in the package's own node_modules, then in those above it. */
function isFound(packages: Readonly<Record<string, unknown>>, from: string, name: string): boolean {
  const parts = from.split('/node_modules/')
  for (let depth = parts.length; depth > 0; depth--)
    if (`${parts.slice(0, depth).join('/node_modules/')}/node_modules/${name}` in packages) return true
  return `node_modules/${name}` in packages
}
