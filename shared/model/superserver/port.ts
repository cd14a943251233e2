/** A port of a protocol that a super-server opens. */
export type Port = { readonly protocol: 'tcp' | 'udp'; readonly port: number }

export function isSamePort(a: Port, b: Port): boolean {
  return a.protocol === b.protocol && a.port === b.port
}

/** Those of the first that are among the second. */
export function common(some: readonly Port[], others: readonly Port[]): readonly Port[] {
  return some.filter((one) => others.some((other) => isSamePort(one, other)))
}
