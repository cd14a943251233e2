import { describe, expect, it } from 'vitest'
import { atLeast, parseVncVersion } from './vnc-version'

describe('version of an Xvnc', () => {
  it('reads each maker', () => {
    expect(
      parseVncVersion('\nXvnc TigerVNC 1.12.0 - built 2023-01-06 16:01\nCopyright (C) 1999-2021'),
    ).toEqual({
      product: 'TigerVNC',
      version: [1, 12, 0],
    })
    expect(parseVncVersion('TurboVNC Server (Xvnc) 64-bit v3.0.3 (build 20230216)')).toEqual({
      product: 'TurboVNC',
      version: [3, 0, 3],
    })
    expect(parseVncVersion('Xvnc Free Edition 4.1.1')).toEqual({ product: 'RealVNC', version: [4, 1, 1] })
    expect(parseVncVersion('Xvnc version TightVNC-1.3.10')).toEqual({
      product: 'TightVNC',
      version: [1, 3, 10],
    })
    expect(parseVncVersion('sh: Xvnc: not found')).toBeNull()
  })

  it('compares number by number', () => {
    expect(atLeast([1, 12, 0], [1, 9])).toBe(true)
    expect(atLeast([1, 9], [1, 9, 0])).toBe(true)
    expect(atLeast([1, 8, 9], [1, 9])).toBe(false)
  })
})
