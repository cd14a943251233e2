import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { cruise, type ICruiseOptions, type IForbiddenRuleType } from 'dependency-cruiser'
import { afterAll, expect, test } from 'vitest'
import layers from '../.dependency-cruiser.cjs'

const folder = mkdtempSync(path.join(tmpdir(), 'wharfmaster-layers-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** The rules that a tree of these files breaks. */
async function broken(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const tree = mkdtempSync(path.join(folder, 'tree-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(tree, name)), { recursive: true })
    writeFileSync(path.join(tree, name), text)
  }
  const options: ICruiseOptions = {
    baseDir: tree,
    validate: true,
    tsPreCompilationDeps: true,
    ruleSet: { forbidden: layers.forbidden as IForbiddenRuleType[] },
  }
  const { output } = await cruise(Object.keys(files), options)
  if (typeof output === 'string') throw new Error(output)
  return [...new Set(output.summary.violations.map(({ rule }) => rule.name))].sort()
}

const leaf = 'export const leaf = 1\n'
const imports = (from: string) => `import { leaf } from '${from}'\nexport const user = leaf\n`

test('imports that run the right way break nothing', async () => {
  expect(
    await broken({
      'shared/contract/a.ts': leaf,
      'shared/model/b.ts': imports('../contract/a'),
      'main/capability/one/index.ts': imports('../../../shared/model/b').replace('user', 'leaf2'),
      'main/capability/two/inner.ts': "import { leaf2 } from '../one/index'\nexport const x = leaf2\n",
      'preload/index.ts': imports('../shared/contract/a'),
      'renderer/features/one/index.ts': imports('../../../shared/contract/a'),
    }),
  ).toEqual([])
})

test.each([
  ['shared-is-pure', 'main/a.ts', 'shared/b.ts', '../main/a'],
  [
    'only-the-engine-writes-to-a-host',
    'main/host/change/acting.ts',
    'main/capability/one/b.ts',
    '../../host/change/acting',
  ],
  ['shared-is-pure', 'renderer/a.ts', 'shared/b.ts', '../renderer/a'],
  ['preload-knows-the-contract-alone', 'shared/model/a.ts', 'preload/index.ts', '../shared/model/a'],
  ['main-takes-shared', 'renderer/a.ts', 'main/b.ts', '../renderer/a'],
  ['renderer-takes-shared', 'main/a.ts', 'renderer/b.ts', '../main/a'],
  ['renderer-takes-shared', 'preload/a.ts', 'renderer/b.ts', '../preload/a'],
  ['capability-by-its-index', 'main/capability/one/inner.ts', 'main/capability/two/b.ts', '../one/inner'],
  [
    'feature-reaches-no-feature',
    'renderer/features/one/index.ts',
    'renderer/features/two/b.ts',
    '../one/index',
  ],
  ['feature-by-its-index', 'renderer/features/one/inner.ts', 'renderer/shell/b.ts', '../features/one/inner'],
  ['transport-knows-no-host', 'main/host/a.ts', 'main/ssh/b.ts', '../host/a'],
  ['host-process-knows-no-window', 'main/app/a.ts', 'main/host/b.ts', '../app/a'],
])('%s: %s may not be imported by %s', async (rule, target, from, specifier) => {
  expect(await broken({ [target]: leaf, [from]: imports(specifier) })).toEqual([rule])
})

test.each([
  ['shared-needs-no-node', 'shared/a.ts', "import fs from 'node:fs'\nexport const x = fs\n"],
  ['renderer-needs-no-node', 'renderer/a.ts', "import fs from 'node:fs'\nexport const x = fs\n"],
  ['what-is-imported-is-there', 'main/a.ts', imports('./nowhere')],
])('%s', async (rule, file, text) => {
  expect(await broken({ [file]: text })).toEqual([rule])
})

test('no-circle', async () => {
  expect(
    await broken({
      'main/a.ts': "import { b } from './b'\nexport const a = () => b\n",
      'main/b.ts': "import { a } from './a'\nexport const b = () => a\n",
    }),
  ).toEqual(['no-circle'])
})

test('electron-stands-at-the-edge', async () => {
  const text = "import { app } from 'electron'\nexport const x = app\n"
  expect(await broken({ 'main/host/a.ts': text })).toContain('electron-stands-at-the-edge')
  expect(await broken({ 'main/app/a.ts': text })).not.toContain('electron-stands-at-the-edge')
})
