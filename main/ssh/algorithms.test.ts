import { Client } from 'ssh2'
import { describe, expect, test } from 'vitest'
import { cryptoAbilities, offeredAlgorithms } from './algorithms'
import type { CryptoAbilities } from './algorithms'

/** What Electron's BoringSSL lacks: chacha20 as a bare cipher, and the small group. */
const boring: CryptoAbilities = {
  ciphers: [
    'aes-128-gcm',
    'aes-256-gcm',
    'aes-128-ctr',
    'aes-192-ctr',
    'aes-256-ctr',
    'aes-128-cbc',
    'des-ede3-cbc',
  ],
  hashes: ['sha1', 'sha256', 'sha512', 'md5'],
  curves: ['prime256v1', 'secp384r1', 'secp521r1'],
  groups: ['modp14', 'modp15', 'modp16'],
}

const names = (list: unknown): readonly string[] => (Array.isArray(list) ? list.map(String) : [])

describe('the offer', () => {
  test('names nothing that this runtime or ssh2 cannot do', () => {
    for (const legacy of [false, true]) {
      const offer = offeredAlgorithms(legacy)
      // ssh2 throws at a name that it does not know or cannot do.
      const client = new Client()
      client.on('error', () => undefined) // nobody answers; the names are what is checked
      expect(() =>
        client.connect({ host: '127.0.0.1', port: 1, username: 'x', algorithms: offer }),
      ).not.toThrow()
      client.destroy()
    }
  })

  test('holds no classic Diffie-Hellman, SHA-1, CBC or DSA unless the host is marked as legacy', () => {
    const old = /diffie-hellman|sha1|md5|cbc|ssh-dss|^ssh-rsa$/
    const modern = offeredAlgorithms(false)
    for (const list of [modern.kex, modern.cipher, modern.hmac, modern.serverHostKey]) {
      expect(names(list).filter((name) => old.test(name))).toEqual([])
      expect(names(list).length).toBeGreaterThan(2)
    }
    const legacy = offeredAlgorithms(true)
    expect(names(legacy.kex)).toContain('diffie-hellman-group14-sha1')
    expect(names(legacy.serverHostKey)).toContain('ssh-rsa')
    expect(names(legacy.kex).slice(0, names(modern.kex).length)).toEqual(names(modern.kex))
  })

  test('leaves out what the runtime lacks', () => {
    const offer = offeredAlgorithms(true, [], boring)
    expect(names(offer.cipher)).not.toContain('chacha20-poly1305@openssh.com')
    expect(names(offer.cipher)).not.toContain('aes256-cbc')
    expect(names(offer.cipher)[0]).toBe('aes128-gcm@openssh.com')
    expect(names(offer.kex)).not.toContain('diffie-hellman-group1-sha1')
    expect(cryptoAbilities().curves).toContain('prime256v1')
  })

  test('puts first the kinds of key that known_hosts holds', () => {
    const offer = offeredAlgorithms(false, ['ssh-rsa', 'ecdsa-sha2-nistp384'])
    expect(names(offer.serverHostKey).slice(0, 4)).toEqual([
      'ecdsa-sha2-nistp384',
      'rsa-sha2-512',
      'rsa-sha2-256',
      'ssh-ed25519',
    ])
  })
})
