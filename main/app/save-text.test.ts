import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { methods } from '../../shared/contract'
import { saveText } from './save-text'

let folder: string
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'save-text-'))))
afterEach(() => rmSync(folder, { recursive: true }))

describe('a text that the user saves', () => {
  it('is written whole, for the user alone to read', async () => {
    const file = path.join(folder, 'change.sh')
    const text = '#!/bin/sh\n# 值班 \u202e\n'
    expect(await saveText(file, text)).toEqual({ ok: true, value: { path: file } })
    expect(readFileSync(file, 'utf8')).toBe(text)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('that cannot be written is a problem that names the file', async () => {
    const file = path.join(folder, 'gone', 'change.sh')
    expect(await saveText(file, 'x')).toMatchObject({
      ok: false,
      problem: {
        code: 'app.storeUnwritable',
        params: { file },
        detail: expect.stringContaining('ENOENT') as string,
      },
    })
  })

  it('is proposed under a bare name, never a path', () => {
    const { params } = methods['app.saveText']
    const takes = (name: string) => params.safeParse({ title: 't', name, text: '' }).success
    expect(takes('change-harbor.sh')).toBe(true)
    for (const name of ['../x', '/etc/passwd', '.profile', 'a/b', 'a\\b', 'a\nb', '-x', '', 'x'.repeat(129)])
      expect(takes(name), name).toBe(false)
  })
})
