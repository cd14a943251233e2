/** Latin-1 is its own keysym; the rest of Unicode stands at 0x01000000 (X11 protocol, appendix A). */
export function keysymOf(point: number): number {
  if (point === 0x0a || point === 0x0d) return 0xff0d
  if (point === 0x09) return 0xff09
  return point >= 0x20 && point <= 0xff ? point : 0x01000000 + point
}
