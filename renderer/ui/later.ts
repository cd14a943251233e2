import { defineAsyncComponent, type Component } from 'vue'

type Load = () => Promise<{ readonly default: Component }>

const waiting: Load[] = []

/**
 * A part of the window that its first picture does not need. It is loaded when it is first shown, or by `loadTheRest`
 * when the window has nothing else to do: the first of the two.
 */
export function later(load: Load): Component {
  waiting.push(load)
  // Loaded from the app's own folder: there is nothing to show a wait for.
  return defineAsyncComponent({ loader: load, delay: 1000 })
}

/** Loads all parts that are not there yet, one at a time and only while the window is idle. */
export function loadTheRest(): void {
  const next = waiting.shift()
  if (next === undefined) return
  requestIdleCallback(() => {
    // One that cannot be had is told where it is shown, by Vue.
    void next().then(loadTheRest, loadTheRest)
  })
}
