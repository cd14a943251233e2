import { createECDH, createDiffieHellmanGroup, getCiphers, getHashes } from 'node:crypto'
import type { Algorithms, CipherAlgorithm, KexAlgorithm, MacAlgorithm, ServerHostKeyAlgorithm } from 'ssh2'

/** What the crypto of this runtime can do: Node's OpenSSL and Electron's BoringSSL differ. */
export interface CryptoAbilities {
  readonly ciphers: readonly string[]
  readonly hashes: readonly string[]
  readonly curves: readonly string[]
  readonly groups: readonly string[]
}

function works(attempt: () => unknown): boolean {
  try {
    attempt()
    return true
  } catch {
    return false
  }
}

let known: CryptoAbilities | undefined

/** Asked by trying: getCurves() of BoringSSL leaves out what it can do. */
export function cryptoAbilities(): CryptoAbilities {
  known ??= {
    ciphers: getCiphers(),
    hashes: getHashes(),
    curves: ['prime256v1', 'secp384r1', 'secp521r1'].filter((curve) => works(() => createECDH(curve))),
    // BoringSSL proves a group's prime anew when it is made, which takes 15 s for these three: both runtimes have
    // them, so only the smallest is tried.
    groups: [
      ...['modp2'].filter((group) => works(() => createDiffieHellmanGroup(group))),
      'modp14',
      'modp15',
      'modp16',
    ],
  }
  return known
}

type Offer<T extends string> = readonly (readonly [name: T, needs: string | null])[]

const modernKex: Offer<KexAlgorithm> = [
  ['curve25519-sha256', null],
  ['curve25519-sha256@libssh.org', null],
  ['ecdh-sha2-nistp256', 'prime256v1'],
  ['ecdh-sha2-nistp384', 'secp384r1'],
  ['ecdh-sha2-nistp521', 'secp521r1'],
]
/** Generating such a key takes up to seconds, so they are offered only when asked for. */
const legacyKex: Offer<KexAlgorithm> = [
  ['diffie-hellman-group14-sha256', 'modp14'],
  ['diffie-hellman-group14-sha1', 'modp14'],
  ['diffie-hellman-group15-sha512', 'modp15'],
  ['diffie-hellman-group16-sha512', 'modp16'],
  ['diffie-hellman-group-exchange-sha256', null],
  ['diffie-hellman-group-exchange-sha1', null],
  ['diffie-hellman-group1-sha1', 'modp2'],
]
const modernCiphers: Offer<CipherAlgorithm> = [
  ['aes128-gcm@openssh.com', 'aes-128-gcm'],
  ['aes256-gcm@openssh.com', 'aes-256-gcm'],
  ['aes128-ctr', 'aes-128-ctr'],
  ['aes192-ctr', 'aes-192-ctr'],
  ['aes256-ctr', 'aes-256-ctr'],
  ['chacha20-poly1305@openssh.com', 'chacha20'],
]
const legacyCiphers: Offer<CipherAlgorithm> = [
  ['aes256-cbc', 'aes-256-cbc'],
  ['aes192-cbc', 'aes-192-cbc'],
  ['aes128-cbc', 'aes-128-cbc'],
  ['3des-cbc', 'des-ede3-cbc'],
]
const modernMacs: Offer<MacAlgorithm> = [
  ['hmac-sha2-256-etm@openssh.com', 'sha256'],
  ['hmac-sha2-512-etm@openssh.com', 'sha512'],
  ['hmac-sha2-256', 'sha256'],
  ['hmac-sha2-512', 'sha512'],
]
const legacyMacs: Offer<MacAlgorithm> = [
  ['hmac-sha1-etm@openssh.com', 'sha1'],
  ['hmac-sha1', 'sha1'],
  ['hmac-md5', 'md5'],
]
const modernHostKeys: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
]
const legacyHostKeys: readonly ServerHostKeyAlgorithm[] = ['ssh-rsa', 'ssh-dss']

function available<T extends string>(offer: Offer<T>, abilities: readonly string[]): T[] {
  return offer.filter(([, needs]) => needs === null || abilities.includes(needs)).map(([name]) => name)
}

/** The key type on the wire that a host key algorithm proves possession of. */
export function keyTypeOf(algorithm: string): string {
  return algorithm.startsWith('rsa-sha2-') ? 'ssh-rsa' : algorithm
}

/**
 * The lists offered to a server, in order of preference. Naming one that ssh2 cannot do would throw.
 * @param knownKeyTypes key types that known_hosts holds for this host; they go first, so that a known host
 * shows the key that is known (as order_hostkeyalgs() of OpenSSH does).
 */
export function offeredAlgorithms(
  legacy: boolean,
  knownKeyTypes: readonly string[] = [],
  abilities: CryptoAbilities = cryptoAbilities(),
): Algorithms {
  const dh = [...abilities.curves, ...abilities.groups]
  const hostKeys = [...modernHostKeys, ...(legacy ? legacyHostKeys : [])]
  const isKnown = (algorithm: ServerHostKeyAlgorithm) => knownKeyTypes.includes(keyTypeOf(algorithm))
  return {
    kex: [...available(modernKex, dh), ...(legacy ? available(legacyKex, dh) : [])],
    cipher: [
      ...available(modernCiphers, abilities.ciphers),
      ...(legacy ? available(legacyCiphers, abilities.ciphers) : []),
    ],
    hmac: [
      ...available(modernMacs, abilities.hashes),
      ...(legacy ? available(legacyMacs, abilities.hashes) : []),
    ],
    serverHostKey: [...hostKeys.filter(isKnown), ...hostKeys.filter((name) => !isKnown(name))],
    compress: ['none'],
  }
}
