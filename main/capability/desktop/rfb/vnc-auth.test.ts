import { describe, expect, it } from 'vitest'
import { passwordOfFile, vncResponse } from './vnc-auth'

describe('VncAuth', () => {
  it('reads what vncpasswd -f made of "desk-vnc"', () => {
    // printf desk-vnc | tigervncpasswd -f | od -An -tx1
    const file = Buffer.from('84ddc1a4b5886609', 'hex')
    expect(Buffer.from(passwordOfFile(file) ?? []).toString()).toBe('desk-vnc')
  })

  it('reads what vncpasswd -f made of a short one', () => {
    // printf 'abcdef' | tigervncpasswd -f
    const file = Buffer.from('412ea2b7a75db6aa', 'hex')
    expect(Buffer.from(passwordOfFile(file) ?? []).toString()).toBe('abcdef')
  })

  it('takes no other file for one', () => {
    expect(passwordOfFile(Buffer.from('short'))).toBeNull()
  })

  it('answers a challenge as noVNC does', () => {
    // core/crypto/des.js of noVNC 1.7, password "passwd", challenge 0 to 15
    const challenge = Uint8Array.from({ length: 16 }, (_, at) => at)
    expect(vncResponse(Buffer.from('passwd'), challenge).toString('hex')).toBe(
      'e8399b58571e87ed8445c8716b6dd945',
    )
  })

  it('counts eight characters and no more', () => {
    const challenge = Buffer.alloc(16, 7)
    expect(vncResponse(Buffer.from('12345678'), challenge)).toEqual(
      vncResponse(Buffer.from('123456789'), challenge),
    )
  })
})
