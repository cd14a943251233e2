import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pageantPipes, unpacked } from './agent-stream'

const hash = '0123456789abcdef'.repeat(4)

describe('pipes of Pageant', () => {
  it('are those of this user, with a hash of SHA-256 behind the name', () => {
    const mine = `pageant.Ann Li.${hash}`
    const names = [
      mine,
      `pageant.Ann.${hash}`,
      `pageant.Ann Li.x${hash}`,
      'pageant.Ann Li.',
      `x${mine}`,
      `${mine}.y`,
    ]
    expect(pageantPipes(names, 'Ann Li')).toEqual([mine])
    expect(pageantPipes([mine], 'ann li'), 'names of accounts and pipes know no case').toEqual([mine])
    expect(pageantPipes([], 'Ann Li')).toEqual([])
  })
})

describe('the program for window messages', () => {
  it('comes with ssh2', () => {
    expect(existsSync(createRequire(import.meta.url).resolve('ssh2/util/pagent.exe'))).toBe(true)
  })

  it('is laid beside the archive in the package for Windows; electron-builder leaves it out of all others', () => {
    const packaging = readFileSync(join(import.meta.dirname, '../../../electron-builder.yml'), 'utf8')
    expect(packaging).toMatch(/^asarUnpack:\n {2}- node_modules\/ssh2\/util\/pagent\.exe$/m)
  })

  it.each([
    [
      'C:\\Wharf\\resources\\app.asar\\node_modules\\ssh2\\util\\pagent.exe',
      'C:\\Wharf\\resources\\app.asar.unpacked\\node_modules\\ssh2\\util\\pagent.exe',
    ],
    ['/src/node_modules/ssh2/util/pagent.exe', '/src/node_modules/ssh2/util/pagent.exe'],
  ])('is taken from beside the archive: %s', (path, expected) => {
    expect(unpacked(path)).toBe(expected)
  })
})
