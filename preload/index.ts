import { contextBridge, ipcRenderer } from 'electron'
import type { Bridge } from '../shared/contract/bridge'

declare const __METHODS__: readonly string[]
declare const __STREAMS__: readonly string[]

const methods = new Set(__METHODS__)
const streams = new Set(__STREAMS__)
const listeners = new Set<(name: string, payload: unknown) => void>()

ipcRenderer.on('event', (_event, name: string, payload: unknown) => {
  for (const listener of listeners) listener(name, payload)
})

// A page cannot hand a port through the bridge; it posts it to its own window, and this passes it on.
window.addEventListener('message', (event) => {
  if (event.source !== window || event.origin !== window.location.origin) return
  const data: unknown = event.data
  if (typeof data !== 'object' || data === null || !('stream' in data) || !('params' in data)) return
  const [port] = event.ports
  if (typeof data.stream !== 'string' || !streams.has(data.stream) || port === undefined) return
  ipcRenderer.postMessage('stream', { name: data.stream, params: data.params }, [port])
})

const bridge: Bridge = {
  call: (name, params) =>
    methods.has(name)
      ? ipcRenderer.invoke(`call:${name}`, params)
      : Promise.reject(new Error(`the contract has no ${name}`)),
  listen: (listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}

contextBridge.exposeInMainWorld('wharfmaster', bridge)
