/*
 * `xrandr --current`, first line, or `xdpyinfo`:
 *
 *   Screen 0: minimum 32 x 32, current 1024 x 768, maximum 32768 x 32768
 *
 *   screen #0:
 *     dimensions:    1024x768 pixels (271x203 millimeters)
 *     depth of root window:    24 planes
 */

export type XScreen = { readonly width: number; readonly height: number; readonly depth: number | null }

export function parseXScreen(output: string): XScreen | null {
  const size =
    /^Screen 0:.*\bcurrent (\d+) x (\d+)/m.exec(output) ?? /^ *dimensions: +(\d+)x(\d+) pixels/m.exec(output)
  if (size === null) return null
  const depth = /^ *depth of root window: +(\d+) planes/m.exec(output)?.[1]
  return {
    width: Number(size[1]),
    height: Number(size[2]),
    depth: depth === undefined ? null : Number(depth),
  }
}
