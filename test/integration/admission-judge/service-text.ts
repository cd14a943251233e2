/** A service of the judge: on a port of its own, with a server that says "in". */
export type Tested = {
  readonly id: string
  readonly port: number
  readonly text: string
  /** Datagrams are told apart from silence by another service (connect.py). */
  readonly datagram: boolean
}

const FIRST_PORT = 7000

/** Lines of the service; what they leave out is as usual. `name NAME` is no line: the service's own name. */
export function tested(index: number, lines: readonly string[]): Tested {
  const id = `t${index}`
  const port = FIRST_PORT + index
  const has = (attribute: string) => lines.some((line) => line.split(' ')[0] === attribute)
  const name = lines.find((line) => line.startsWith('name '))?.slice('name '.length) ?? id
  const usual = [
    ...(has('type') ? [] : ['type = UNLISTED']),
    ...(has('socket_type') ? [] : ['socket_type = stream', 'protocol = tcp']),
    ...(has('wait') ? [] : ['wait = no']),
    'user = root',
    ...(has('server') || has('type') || has('redirect') ? [] : ['server = /bin/echo', 'server_args = in']),
    `id = ${id}`,
    `port = ${port}`,
  ]
  const own = lines.filter((line) => !line.startsWith('name '))
  const body = [...usual, ...own].map((line) => `\t${line}\n`).join('')
  return {
    id,
    port,
    text: `service ${name}\n{\n${body}}\n`,
    datagram: lines.includes('socket_type = dgram'),
  }
}
