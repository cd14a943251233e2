/** Where to connect, as people write it: `user@host:port`, `ssh://…`, `ssh -p 2222 -l root host`, `[2001:db8::1]:22`. */
export interface Target {
  readonly user: string
  readonly address: string
  readonly port: number
}

/** Null when it names no host, or a port that does not exist. */
export function parseTarget(text: string): Target | null {
  const words = text.trim().split(/\s+/)
  let port = ''
  let user = ''
  let rest = ''
  for (let i = words[0] === 'ssh' ? 1 : 0; i < words.length; i += 1) {
    const word = words[i] ?? ''
    if (word === '-p') port = words[++i] ?? ''
    else if (word === '-l') user = words[++i] ?? ''
    else if (word.startsWith('-') || rest !== '') return null
    else rest = word
  }
  rest = rest.replace(/^ssh:\/\//, '').replace(/\/$/, '')
  const at = rest.lastIndexOf('@')
  if (at >= 0) {
    user = rest.slice(0, at)
    rest = rest.slice(at + 1)
  }
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(rest)
  const plain = /^([^:[\]]+)(?::(\d+))?$/.exec(rest)
  const bare6 = /^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.%\w]*$/i.test(rest)
  const address = bracketed?.[1] ?? plain?.[1] ?? (bare6 ? rest : '')
  port = bracketed?.[2] ?? plain?.[2] ?? port
  const number = port === '' ? 22 : Number(port)
  if (address === '' || !Number.isInteger(number) || number < 1 || number > 65535) return null
  return { user, address, port: number }
}
