import { quote } from './quote'
import { startShell } from './script'

/** How a shell is started on a host, and what is to be heard before it may be spoken to. */
export interface Launch {
  readonly command: string
  readonly pty: boolean
  /** The words that ask for the password, as exactly as they can be known. Null: nothing asks. */
  readonly prompt: Uint8Array | null
  /** Said by the shell that will read the script. Null: it may be sent at once. */
  readonly ready: Uint8Array | null
}

/** How a script becomes root's. */
export type Way =
  /** The login is root, or the script needs no more than the login. */
  | { readonly kind: 'login'; readonly pty: boolean }
  | { readonly kind: 'sudo'; readonly program: string; readonly pty: boolean; readonly password: boolean }
  | {
      readonly kind: 'doas'
      readonly program: string
      readonly account: DoasAccount
      readonly password: boolean
    }

/**
 * Runs what follows in the words that are matched here, whatever language the host speaks; PAM takes over the
 * question where it does not know its own "Password:" again. env(1) is found by every login shell.
 */
const plainWords = 'env LC_ALL=C LANGUAGE='

/** doas names both in its prompt, which cannot be chosen. */
export interface DoasAccount {
  readonly user: string
  readonly host: string
}

/**
 * The command for sshd, one line that every login shell reads alike: no `!`, no double quotes but within single
 * ones, no newline. Marks are not in it as they will be said, so that a shell that prints its commands (`set -x`)
 * says neither prompt nor ready: `%%` is sudo's percent sign in a prompt, and sh adds the numbers.
 * @param nonce hexadecimal digits
 */
export function launch(way: Way, nonce: string): Launch {
  const ready = Buffer.from(`${nonce}7\n`)
  const shell = `echo ${nonce}$((3+4)); ${startShell}`
  const command = (line: string) => `exec /bin/sh -c '${line}'`
  switch (way.kind) {
    case 'login':
      return way.pty
        ? { command: command(`stty raw -echo; ${shell}`), pty: true, prompt: null, ready }
        : { command: startShell, pty: false, prompt: null, ready: null }
    case 'sudo': {
      const sudo = programPath(way.program)
      const ask = way.password ? `-k -S -p p%%${nonce}` : '-n'
      const prompt = way.password ? Buffer.from(`p%${nonce}`) : null
      const inner = `${plainWords} ${sudo} ${ask} -- /bin/sh -c`
      // Inside double quotes the outer sh does the sum; the line as written still does not say the mark.
      if (way.pty)
        return { command: command(`stty raw -echo; exec ${inner} "${shell}"`), pty: true, prompt, ready }
      return { command: `exec ${inner} '${shell}'`, pty: false, prompt, ready }
    }
    case 'doas': {
      const doas = programPath(way.program)
      if (!way.password)
        return {
          command: `exec ${plainWords} ${doas} -n /bin/sh -c '${shell}'`,
          pty: false,
          prompt: null,
          ready,
        }
      // It asks on the terminal alone, in its own words: doas.c, "\rdoas (%.32s@%.32s) password: ".
      const { user, host } = way.account
      const words = `\rdoas (${user.slice(0, 32)}@${host.slice(0, 32)}) password: `
      return {
        command: command(
          `stty raw -echo; printf ${nonce}$((2+3)); exec ${plainWords} ${doas} /bin/sh -c "${shell}"`,
        ),
        pty: true,
        prompt: Buffer.from(`${nonce}5${words}`),
        ready,
      }
    }
  }
}

/** Programs are found on the host by its own `command -v`; what is no plain path is not run. */
function programPath(program: string): string {
  if (!/^\/[A-Za-z0-9_./+-]+$/.test(program)) throw new RangeError(`Not a path to run: ${quote(program)}`)
  return program
}
