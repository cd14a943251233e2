/*
 * Connections to a VNC port, `ss -H -tn state established`: the state column is left out.
 *
 *   0      0          127.0.0.1:5903      127.0.0.1:40412
 *   0      0              [::1]:5903          [::1]:53330
 */

export type TcpConnection = { readonly port: number; readonly peer: string }

export function parseConnections(output: string): readonly TcpConnection[] {
  return output.split('\n').flatMap((line) => {
    const [, , local = '', peer = ''] = line.trim().split(/\s+/)
    const port = /:(\d+)$/.exec(local)?.[1]
    return port === undefined || peer === '' ? [] : [{ port: Number(port), peer }]
  })
}
