import { describe, expect, it } from 'vitest'
import { diagnosticCodes } from '../../shared/model/superserver'
import en from './en/xinetd.json'
import zh from './zh-CN/xinetd.json'

describe.each([
  ['en', en],
  ['zh-CN', zh],
])('texts of xinetd in %s', (_, texts) => {
  it('say something of every diagnostic, and of no other', () => {
    expect(Object.keys(texts.xinetd.diagnostic).sort()).toEqual([...diagnosticCodes].sort())
  })

  it('hold no character that vue-i18n takes for its own', () => {
    for (const text of Object.values(texts.xinetd.diagnostic)) expect(text).not.toMatch(/[@|]|\{[^a-zA-Z]/)
  })
})
