const DAY = 24 * 60

/** Services whose times lie around a minute of the day: before it, up to it, from it, behind it. */
export function accessTimesAround(minute: number): readonly (readonly string[])[] {
  const around: readonly (readonly (readonly [from: number, to: number])[])[] = [
    [[-9, -3]],
    [[-5, -1]],
    [[-5, 0]],
    [[-1, 1]],
    [[0, 1]],
    [[0, 5]],
    [[1, 5]],
    [[3, 9]],
    [
      [-9, -5],
      [5, 9],
    ],
    [
      [-9, -5],
      [-1, 3],
    ],
    [[-DAY, DAY]],
  ]
  return around.flatMap((intervals) => {
    const clocks = intervals.flatMap(([from, to]) => {
      const [first, last] = [Math.max(0, minute + from), Math.min(DAY - 1, minute + to)]
      return first < last ? [`${clock(first)}-${clock(last)}`] : []
    })
    return clocks.length === 0 ? [] : [[`access_times = ${clocks.join(' ')}`]]
  })
}

function clock(minute: number): string {
  return `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`
}
