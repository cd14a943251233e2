import { utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron'
import { fail, problem, type Answer } from '../../shared/contract'
import type { Settings } from '../../shared/contract/settings'
import { fromHostProcess, type HostProcessState, type ToHostProcess } from './link'
import { beforeHosts } from './before-hosts'
import { PageParts } from './page-parts'
import { paths } from './paths'

/** How long the host process may take to close its connections when the app ends. */
const disposeMs = 3000
/** How long the app may outlive its window while a change is applied, proved or taken back. */
const changeMs = 120_000

interface Deps {
  readonly userData: string
  readonly settings: () => Settings
  readonly onEvent: (name: string, payload: unknown) => void
  readonly onState: (state: HostProcessState) => void
  readonly log: (line: string) => void
}

/**
 * Owns the utility process that holds every SSH connection. It is started by the first thing that is asked of it:
 * started with the app, it takes the processor from the window's first picture, which needs nothing of it. When it
 * ends by itself each waiting call is answered with a problem, the window is told, and `start` makes a new one.
 */
export class HostProcess {
  readonly #deps: Deps
  readonly #waiting = new Map<number, (answer: Answer<unknown>) => void>()
  readonly #parts = new PageParts()
  /** Changes that are being applied; a connection must not be closed under them. */
  readonly #applying = new Set<Promise<Answer<unknown>>>()
  #child: UtilityProcess | null = null
  #nextId = 1
  #ending = false
  /** Nothing was asked of it in its whole life. */
  #untouched = true

  constructor(deps: Deps) {
    this.#deps = deps
  }

  start(): void {
    if (this.#child !== null) return
    const child = utilityProcess.fork(paths.hostProcess, [], {
      serviceName: 'Wharfmaster hosts',
      stdio: 'pipe',
    })
    this.#child = child
    child.stdout?.on('data', (text: Buffer) => this.#deps.log(text.toString('utf8').trimEnd()))
    child.stderr?.on('data', (text: Buffer) => this.#deps.log(text.toString('utf8').trimEnd()))
    child.on('message', (message: unknown) => this.#hear(message))
    child.on('exit', (code) => this.#exited(child, code))
    this.#send({ kind: 'start', userData: this.#deps.userData, settings: this.#deps.settings() })
    this.#deps.onState({ kind: 'up' })
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  call(method: string, params: unknown): Promise<Answer<unknown>> {
    if (this.#untouched) {
      const { userData, settings } = this.#deps
      const known = beforeHosts(method, userData, settings())
      if (known !== null) return Promise.resolve(known)
      this.#touch()
    }
    if (this.#child === null) return Promise.resolve(fail(problem('app.hostProcessGone')))
    const id = this.#nextId++
    this.#parts.called(method, params)
    const answer = new Promise<Answer<unknown>>((resolve) => {
      this.#waiting.set(id, resolve)
      this.#send({ kind: 'call', id, method, params })
    })
    if (method === 'change.apply') {
      const ended = () => this.#applying.delete(answer)
      this.#applying.add(answer)
      answer.then(ended, ended)
    }
    return answer
  }

  /** Hands a page's port to the host process; the answer travels on the port itself. */
  stream(name: string, params: unknown, port: MessagePortMain): void {
    this.#touch()
    if (this.#child === null) {
      port.start()
      port.postMessage({ type: 'end', problem: problem('app.hostProcessGone'), code: null })
      port.close()
      return
    }
    this.#send({ kind: 'stream', name, params }, [port])
  }

  /** The page is gone, or will be loaded anew. Its streams end with its ports. */
  pageGone(): void {
    this.#parts.closeAll((method, params) => this.call(method, params))
  }

  settingsChanged(settings: Settings): void {
    if (this.#child !== null) this.#send({ kind: 'settings', settings })
  }

  /** Waits for changes that are being applied, lets the host process say goodbye to its servers, then ends it. */
  async dispose(): Promise<void> {
    await this.#changesEnd()
    const child = this.#child
    if (child === null) return
    this.#ending = true
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, disposeMs)
      const done = () => {
        clearTimeout(timer)
        resolve()
      }
      child.once('exit', done)
      child.on('message', (message: unknown) => {
        const parsed = fromHostProcess.safeParse(message)
        if (parsed.success && parsed.data.kind === 'disposed') done()
      })
      this.#send({ kind: 'dispose' })
    })
    child.kill()
    this.#child = null
  }

  async #changesEnd(): Promise<void> {
    if (this.#applying.size === 0) return
    this.#deps.log('the app ends when the change that is being applied has come to its end')
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise((resolve) => (timer = setTimeout(resolve, changeMs)))
    await Promise.race([Promise.allSettled(this.#applying), late])
    clearTimeout(timer)
  }

  #touch(): void {
    if (this.#untouched) this.start()
    this.#untouched = false
  }

  #send(message: ToHostProcess, ports: MessagePortMain[] = []): void {
    this.#child?.postMessage(message, ports)
  }

  #hear(message: unknown): void {
    const parsed = fromHostProcess.safeParse(message)
    if (!parsed.success) {
      this.#deps.log(`host process said something unknown: ${parsed.error.message}`)
      return
    }
    switch (parsed.data.kind) {
      case 'answer': {
        const waiting = this.#waiting.get(parsed.data.id)
        this.#waiting.delete(parsed.data.id)
        // The host process is our own code and answers in the contract's types.
        waiting?.(parsed.data.answer as Answer<unknown>)
        return
      }
      case 'event':
        this.#deps.onEvent(parsed.data.name, parsed.data.payload)
        return
      case 'disposed':
        return
    }
  }

  #exited(child: UtilityProcess, code: number): void {
    if (this.#child !== child) return
    this.#child = null
    this.#parts.forget()
    const gone = problem('app.hostProcessGone', { code })
    for (const resolve of this.#waiting.values()) resolve(fail(gone))
    this.#waiting.clear()
    if (this.#ending) return
    this.#deps.log(`host process ended with code ${code}`)
    this.#deps.onState({ kind: 'gone', problem: gone })
  }
}
