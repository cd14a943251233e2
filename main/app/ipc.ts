import { ipcMain, type IpcMainEvent, type IpcMainInvokeEvent } from 'electron'
import {
  fail,
  methods,
  problem,
  type Answer,
  type Handlers,
  type MethodName,
  type MethodsAt,
  type StreamName,
} from '../../shared/contract'
import { streamParams } from '../../shared/contract/stream'
import type { HostProcess } from './host-process'
import { isTrustedSender } from './origin'

interface Deps {
  readonly handlers: Handlers<MethodsAt<'app'>>
  readonly hostProcess: HostProcess
  readonly log: (line: string) => void
}

/** Puts the contract on the wire: one channel a method, each call checked for its sender and by its schema. */
export function serveContract({ handlers, hostProcess, log }: Deps): void {
  for (const name of Object.keys(methods) as MethodName[]) {
    ipcMain.handle(`call:${name}`, async (event, params: unknown): Promise<Answer<unknown>> => {
      if (!isTrustedSender(event.senderFrame)) return refuse(event, name, log)
      const parsed = methods[name].params.safeParse(params)
      if (!parsed.success)
        return fail(
          problem('app.invalidRequest', { method: name }, { detail: parsed.error.message.slice(0, 2000) }),
        )
      try {
        return isAtApp(name)
          ? await answerHere(handlers, name, parsed.data)
          : await hostProcess.call(name, parsed.data)
      } catch (error) {
        log(`${name} failed: ${error instanceof Error ? error.stack : String(error)}`)
        return fail(problem('app.internal', { method: name }))
      }
    })
  }
  ipcMain.on('stream', (event, message: unknown) => {
    const [port] = event.ports
    if (port === undefined) return
    if (!isTrustedSender(event.senderFrame)) {
      refuse(event, 'stream', log)
      port.close()
      return
    }
    const request = streamRequest(message)
    if (request === null) {
      port.start()
      port.postMessage({
        type: 'end',
        problem: problem('app.invalidRequest', { method: 'stream' }),
        code: null,
      })
      port.close()
      return
    }
    hostProcess.stream(request.name, request.params, port)
  })
}

function isAtApp(name: MethodName): name is MethodsAt<'app'> {
  return methods[name].at === 'app'
}

/** The schema of `name` made `params`, which TypeScript cannot follow through the table. */
function answerHere(handlers: Handlers<MethodsAt<'app'>>, name: MethodsAt<'app'>, params: unknown) {
  const handler = handlers[name] as (params: unknown) => Promise<Answer<unknown>> | Answer<unknown>
  return handler(params)
}

function streamRequest(message: unknown): { name: StreamName; params: unknown } | null {
  if (typeof message !== 'object' || message === null || !('name' in message) || !('params' in message))
    return null
  const { name, params } = message
  if (typeof name !== 'string' || !isStreamName(name)) return null
  const parsed = streamParams[name].safeParse(params)
  return parsed.success ? { name, params: parsed.data } : null
}

const isStreamName = (name: string): name is StreamName => Object.hasOwn(streamParams, name)

function refuse(event: IpcMainEvent | IpcMainInvokeEvent, name: string, log: (line: string) => void) {
  log(`refused ${name} from ${JSON.stringify(event.senderFrame?.url ?? 'a frame that is gone')}`)
  return fail(problem('app.invalidRequest', { method: name }))
}
