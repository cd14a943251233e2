declare module 'bcrypt-pbkdf' {
  /** Fills `output`; anything but 0 means the arguments were refused. */
  export function pbkdf(
    passphrase: Uint8Array,
    passphraseLength: number,
    salt: Uint8Array,
    saltLength: number,
    output: Uint8Array,
    outputLength: number,
    rounds: number,
  ): number
}
