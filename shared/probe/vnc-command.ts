/*
 * The arguments of an X server that speaks RFB, as /proc/PID/cmdline has them, each ended by a NUL. Xvnc takes
 * its own parameters as `-name value`, `-name=value` and `name=value`, in any case (TigerVNC, Xvnc(1), OPTIONS):
 *
 *   /usr/bin/Xtigervnc :3 -localhost=1 -desktop deskhost.lab:3 (desk) -rfbport 5903 -PasswordFile /tmp/t/passwd
 *     -SecurityTypes VncAuth -auth /home/desk/.Xauthority -geometry 1024x768 -depth 24
 *   /usr/bin/Xvnc :1 -rfbport -1 -rfbunixpath /home/desk/.vnc/s1 -SecurityTypes None -interface 127.0.0.1
 *   Xvnc -inetd -query localhost -geometry 1024x768
 */

export type VncCommand = {
  /** The program as it was called, without its folder. */
  readonly program: string
  /** null: it chose one itself (`-inetd`, `-displayfd`). */
  readonly display: number | null
  readonly geometry: { readonly width: number; readonly height: number } | null
  readonly depth: number | null
  /** null: 5900 and the display number. -1: no TCP port. */
  readonly rfbPort: number | null
  readonly unixPath: string | null
  /** null: not said, so every address, or what `interface` says. */
  readonly localhost: boolean | null
  /** A numeric address. null: every one. */
  readonly address: string | null
  /** null: the server's own default. */
  readonly securityTypes: readonly string[] | null
  readonly passwordFile: string | null
  /** The X authority file. */
  readonly authority: string | null
  readonly desktopName: string | null
  /** Started by a super-server, with the connection as its standard input. */
  readonly inetd: boolean
}

/** Parameters whose value may be the next argument. Others stand alone or carry `=`. */
const valued = new Set([
  'geometry',
  'depth',
  'rfbport',
  'rfbunixpath',
  'interface',
  'securitytypes',
  'passwordfile',
  'rfbauth',
  'auth',
  'desktop',
])

export function parseVncCommand(argv: readonly string[]): VncCommand {
  const [path = '', ...words] = argv
  const given = new Map<string, string>()
  let display: number | null = null
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    const number = /^:(\d{1,5})$/.exec(word)?.[1]
    if (number !== undefined) {
      display = Number(number)
      continue
    }
    const match = /^-{0,2}([A-Za-z][A-Za-z0-9.]*)(?:=([^]*))?$/.exec(word)
    const name = match?.[1]?.toLowerCase()
    if (name === undefined || (!word.startsWith('-') && match?.[2] === undefined)) continue
    if (match?.[2] !== undefined) given.set(name, match[2])
    else if (valued.has(name)) given.set(name, words[++at] ?? '')
    // `-localhost no` is the wrapper's way; Xvnc itself takes a bare `-localhost` for yes.
    else if (name === 'localhost' && /^(yes|no|0|1|on|off)$/i.test(words[at + 1] ?? ''))
      given.set(name, words[++at] ?? '')
    else given.set(name, '1')
  }
  const size = /^(\d{1,5})x(\d{1,5})/.exec(given.get('geometry') ?? '')
  return {
    program: path.slice(path.lastIndexOf('/') + 1),
    display,
    geometry: size === null ? null : { width: Number(size[1]), height: Number(size[2]) },
    depth: integer(given.get('depth')),
    rfbPort: integer(given.get('rfbport')),
    unixPath: given.get('rfbunixpath') || null,
    localhost: truth(given.get('localhost')),
    address: given.get('interface') || null,
    securityTypes: list(given.get('securitytypes')),
    passwordFile: given.get('passwordfile') || given.get('rfbauth') || null,
    authority: given.get('auth') || null,
    desktopName: given.get('desktop') ?? null,
    inetd: given.has('inetd'),
  }
}

function integer(text: string | undefined): number | null {
  return text !== undefined && /^-?\d{1,6}$/.test(text) ? Number(text) : null
}

function truth(text: string | undefined): boolean | null {
  return text === undefined ? null : !/^(0|no|off|false)$/i.test(text)
}

function list(text: string | undefined): readonly string[] | null {
  return text === undefined ? null : text.split(/[\s,]+/).filter((word) => word !== '')
}

/** The bytes of /proc/PID/cmdline, as a string of the codec. */
export function splitArguments(cmdline: string): readonly string[] {
  return cmdline === '' ? [] : (cmdline.endsWith('\0') ? cmdline.slice(0, -1) : cmdline).split('\0')
}
