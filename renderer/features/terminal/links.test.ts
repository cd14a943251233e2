import { describe, expect, it } from 'vitest'
import { reviewLink } from './links'

describe('reviewLink', () => {
  it('takes http and https alone', () => {
    expect(reviewLink('https://wharf.example/berth', null)).toEqual({
      url: 'https://wharf.example/berth',
      host: 'wharf.example',
      warnings: [],
    })
    for (const uri of [
      'javascript:alert(1)',
      'file:///etc/passwd',
      'smb://host/share',
      'vscode://x',
      'ms-msdt:/id',
      'data:text/html,x',
      'not a link',
      '//host/path',
      `https://wharf.example/${'x'.repeat(3000)}`,
    ])
      expect(reviewLink(uri, null), uri).toBeNull()
  })

  it('warns of what a reader would not see', () => {
    expect(reviewLink('http://wharf.example/', null)?.warnings).toEqual(['notEncrypted'])
    expect(reviewLink('https://bank.example@trap.example/', null)?.warnings).toEqual(['userInfo'])
    expect(reviewLink('https://b\u0430nk.example/', null)).toMatchObject({
      host: 'xn--bnk-6cd.example',
      warnings: ['foreignLetters'],
    })
  })

  it('compares the address with a text that looks like one', () => {
    const warnings = (text: string) => reviewLink('https://trap.example/x', text)?.warnings
    expect(warnings('https://bank.example/')).toEqual(['textDiffers'])
    expect(warnings('bank.example')).toEqual(['textDiffers'])
    expect(warnings('https://trap.example/other')).toEqual([])
    expect(warnings('click here')).toEqual([])
  })
})
