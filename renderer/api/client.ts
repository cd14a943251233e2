import type {
  EventName,
  Events,
  MethodName,
  Params,
  Result,
  StreamName,
  StreamParams,
} from '../../shared/contract'
import { fail, type Answer } from '../../shared/contract/answer'
import type { Bridge } from '../../shared/contract/bridge'
import { problem } from '../../shared/contract/problem'

declare global {
  interface Window {
    readonly wharfmaster: Bridge
  }
}

/** Asks the main process. Never rejects: what goes wrong on the way is a problem too. */
export async function call<N extends MethodName>(name: N, params: Params<N>): Promise<Answer<Result<N>>> {
  try {
    // Drafts are reactive proxies, which cannot be cloned to another process.
    const answer = await window.wharfmaster.call(name, plain(params))
    // The main process answers in the contract's types.
    return answer as Answer<Result<N>>
  } catch (error) {
    return fail(problem('app.internal', { method: name }, { detail: String(error) }))
  }
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

type Listener = (payload: never) => void
const listeners = new Map<string, Set<Listener>>()

/** Hears an event until the returned function is called. */
export function on<N extends EventName>(name: N, listener: (payload: Events[N]) => void): () => void {
  const set = listeners.get(name) ?? new Set()
  listeners.set(name, set)
  set.add(listener)
  return () => set.delete(listener)
}

/** Starts the delivery of events; called once, before the first call. */
export function startEvents(): void {
  window.wharfmaster.listen((name, payload) => {
    // Payloads come from our own main process in the contract's types.
    for (const listener of listeners.get(name) ?? []) listener(payload as never)
  })
}

/** Opens a stream to the host process. The first message is `opened` or `end`. */
export function openStream<N extends StreamName>(name: N, params: StreamParams<N>): MessagePort {
  const { port1, port2 } = new MessageChannel()
  window.postMessage({ stream: name, params: plain(params) }, window.location.origin, [port2])
  port1.start()
  return port1
}
