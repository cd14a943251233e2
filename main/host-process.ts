import type { Answer } from '../shared/contract'
import { fail, isMethodName, problem, type MethodsAt } from '../shared/contract'
import type { StreamName } from '../shared/contract/stream'
import type { ToHostProcess } from './app/link'
import { currentEnvironment } from './ssh/environment'
import { createHostService, type HostService } from './host/service'

/**
 * The process that holds every SSH connection. Runs as Electron's utilityProcess, so that key exchange never
 * stalls a window and a crash here takes no window along. Knows no electron: it talks through `parentPort`.
 */
const port = process.parentPort
let service: HostService | null = null
let settings: Extract<ToHostProcess, { kind: 'start' }>['settings'] | null = null

port.on('message', ({ data, ports }) => {
  // Only our own main process can post here.
  const message = data as ToHostProcess
  switch (message.kind) {
    case 'start':
      settings = message.settings
      service = createHostService({
        userData: message.userData,
        environment: currentEnvironment(),
        settings: () => settings ?? message.settings,
        emit: (name, payload) => port.postMessage({ kind: 'event', name, payload }),
        log: (line) => process.stdout.write(line + '\n'),
      })
      return
    case 'settings':
      settings = message.settings
      service?.settingsChanged()
      return
    case 'call':
      void answer(message.method, message.params).then((result) =>
        port.postMessage({ kind: 'answer', id: message.id, answer: result }),
      )
      return
    case 'stream': {
      const [stream] = ports
      if (stream === undefined) return
      service?.openStream(message.name as StreamName, message.params, stream)
      return
    }
    case 'dispose':
      void Promise.resolve(service?.dispose()).then(() => port.postMessage({ kind: 'disposed' }))
      return
  }
})

async function answer(method: string, params: unknown): Promise<Answer<unknown>> {
  if (service === null || !isMethodName(method) || !Object.hasOwn(service.handlers, method))
    return fail(problem('app.invalidRequest', { method }))
  try {
    // The main process parsed `params` by this method's schema.
    const handler = service.handlers[method as MethodsAt<'host'>] as (
      params: unknown,
    ) => Promise<Answer<unknown>>
    return await handler(params)
  } catch (error) {
    process.stderr.write(`${method} failed: ${error instanceof Error ? error.stack : String(error)}\n`)
    return fail(problem('app.internal', { method }))
  }
}
