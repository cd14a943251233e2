import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { startEvents } from './client'
import { useHostPart } from './part'

/** The preload's end of the page: what was called, and a way to tell the page something. */
const calls: string[] = []
let tell: (name: string, payload: unknown) => void = () => undefined
beforeEach(() => {
  calls.length = 0
  const snapshot = { value: null, at: null, revision: 0, stale: false, problem: null }
  vi.stubGlobal('window', {
    wharfmaster: {
      call: (name: string, params: { readonly host: string }) => {
        calls.push(`${name} ${params.host}`)
        return Promise.resolve({ ok: true, value: snapshot })
      },
      listen: (listener: typeof tell) => (tell = listener),
    },
  })
  setActivePinia(createPinia())
  startEvents()
})
afterEach(() => vi.unstubAllGlobals())

async function enter(id: string, kind: 'up' | 'closed'): Promise<void> {
  tell('host.changed', { id, state: { kind }, privilege: { kind: 'unknown' }, readOnly: false })
  await nextTick()
}

describe('useHostPart', () => {
  it('opens a part once and closes it once, however often the connection comes and goes', async () => {
    const scope = effectScope()
    scope.run(() => useHostPart('h1', 'facts'))
    for (const kind of ['up', 'closed', 'up', 'closed', 'up'] as const) await enter('h1', kind)
    expect(calls).toEqual(['part.open h1'])
    scope.stop()
    expect(calls).toEqual(['part.open h1', 'part.close h1'])
  })

  it('opens it again in a new host process, which knows nothing of it', async () => {
    const scope = effectScope()
    scope.run(() => useHostPart('h1', 'facts'))
    await enter('h1', 'up')
    tell('hostProcess.changed', { kind: 'gone', problem: { code: 'app.hostProcessGone', params: {} } })
    await nextTick()
    await enter('h1', 'up')
    expect(calls).toEqual(['part.open h1', 'part.open h1'])
    scope.stop()
  })

  it('closes nothing that it did not open, and the right one when its host changes', async () => {
    const host = ref('h1')
    const scope = effectScope()
    scope.run(() => useHostPart(host, 'facts'))
    host.value = 'h2'
    await nextTick()
    expect(calls).toEqual([])
    await enter('h2', 'up')
    host.value = 'h1'
    await nextTick()
    expect(calls).toEqual(['part.open h2', 'part.close h2'])
    scope.stop()
    expect(calls).toHaveLength(2)
  })
})
