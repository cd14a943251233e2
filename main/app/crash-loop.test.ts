import { describe, expect, it } from 'vitest'
import { crashLoop } from './crash-loop'

describe('crashLoop', () => {
  it('lets a page come back by itself, but not again and again', () => {
    let now = 0
    const crashes = crashLoop(() => now)
    const after = (milliseconds: number) => {
      now += milliseconds
      return crashes.mayReload()
    }
    expect([after(0), after(1000), after(1000)]).toEqual([true, true, false])
    expect([after(60_000), after(1000), after(59_000)]).toEqual([true, true, true])
  })
})
