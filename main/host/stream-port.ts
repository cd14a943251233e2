import type { StreamDown } from '../../shared/contract/stream'

/** The host process's end of a MessagePort to a page; Electron's MessagePortMain fits. */
export interface StreamPort {
  postMessage(message: StreamDown): void
  on(event: 'message', listener: (message: { readonly data: unknown }) => void): unknown
  on(event: 'close', listener: () => void): unknown
  start(): void
  close(): void
}
