/** So many crashes within this time are no accident: what the page shows again makes it crash again. */
const many = 3
const withinMs = 60_000

/** Tells whether a page that crashed may be loaded again without asking the user. */
export function crashLoop(now: () => number = Date.now) {
  let times: readonly number[] = []
  return {
    /** Counts a crash; false: ask first. */
    mayReload(): boolean {
      const at = now()
      times = [...times.filter((time) => at - time < withinMs), at]
      return times.length < many
    },
  }
}
