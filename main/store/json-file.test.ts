import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { realDisk, writeJson, type Disk } from './json-file'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'json-file-'))
  file = path.join(folder, 'data', 'settings.json')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** The real disk, with what was asked of it, by the names of the files. */
function watched(): { readonly disk: Disk; readonly asked: string[] } {
  const asked: string[] = []
  const names = new Map<number, string>()
  const nameOf = (handle: number) => path.basename(names.get(handle) ?? '').replace(/\.\d+\./, '.')
  const disk: Disk = {
    open(name, flags, mode) {
      const handle = realDisk.open(name, flags, mode)
      names.set(handle, name)
      return handle
    },
    write(handle, bytes) {
      asked.push(`write ${nameOf(handle)}`)
      realDisk.write(handle, bytes)
    },
    sync(handle) {
      asked.push(`sync ${nameOf(handle)}`)
      realDisk.sync(handle)
    },
    close: realDisk.close,
    rename(from, to) {
      asked.push(`rename to ${path.basename(to)}`)
      realDisk.rename(from, to)
    },
  }
  return { disk, asked }
}

describe('writing', () => {
  it('has the bytes on the disk before their name, and the name before it returns', () => {
    const { disk, asked } = watched()
    writeJson(file, { a: ['é'] }, disk)
    expect(asked).toEqual([
      'write settings.json.part',
      'sync settings.json.part',
      'rename to settings.json',
      ...(process.platform === 'win32' ? [] : ['sync data']),
    ])
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ a: ['é'] })
    expect(readdirSync(path.dirname(file))).toEqual(['settings.json'])
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('leaves the old file when the disk cannot keep the new one', () => {
    writeJson(file, 'old')
    const full: Disk = {
      ...realDisk,
      sync: () => {
        throw new Error('ENOSPC')
      },
    }
    expect(() => writeJson(file, 'new', full)).toThrow('ENOSPC')
    expect(readFileSync(file, 'utf8')).toBe('"old"\n')
    writeFileSync(file, 'other')
    writeJson(file, 'later')
    expect(readFileSync(file, 'utf8')).toBe('"later"\n')
  })
})
