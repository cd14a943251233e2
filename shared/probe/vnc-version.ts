/*
 * `Xvnc -version`, on its standard error:
 *
 *   Xvnc TigerVNC 1.12.0 - built 2023-01-06 16:01          (TigerVNC 1.0 and later; 64-bit builds may say "64-bit v1.13.1")
 *   Xvnc Free Edition 4.1.1                                 (RealVNC)
 *   TightVNC-unix version: … / Xvnc version TightVNC-1.3.10
 *   TurboVNC Server (Xvnc) 64-bit v3.0.3 (build 20230216)
 */

export type VncVersion = { readonly product: string; readonly version: readonly number[] }

const products = ['TigerVNC', 'TurboVNC', 'TightVNC', 'Free Edition', 'Enterprise Edition'] as const

export function parseVncVersion(output: string): VncVersion | null {
  for (const line of output.split('\n').slice(0, 20)) {
    const product = products.find((name) => line.includes(name))
    const number = product === undefined ? undefined : /(\d+(?:\.\d+){1,3})/.exec(line)?.[1]
    if (product !== undefined && number !== undefined) {
      const name = product.endsWith('Edition') ? 'RealVNC' : product
      return { product: name, version: number.split('.').map(Number) }
    }
  }
  return null
}

/** Whether `version` is at least `wanted`, number by number. */
export function atLeast(version: readonly number[], wanted: readonly number[]): boolean {
  for (const [at, number] of wanted.entries()) {
    const have = version[at] ?? 0
    if (have !== number) return have > number
  }
  return true
}
