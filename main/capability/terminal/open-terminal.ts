import { problem, type Problem } from '../../../shared/contract/problem'
import {
  drawnPortionBytes,
  streamUpSchema,
  type StreamParams,
  type StreamUp,
} from '../../../shared/contract/stream'
import { assertNever } from '../../../shared/assert-never'
import { fail, type Answer } from '../../../shared/contract/answer'
import { Inflow, Outflow } from '../../host/stream-flow'
import type { StreamPort } from '../../host/stream-port'
import type { ShellChannel, Transport } from '../../ssh'
import { screenWindowBytes } from './window'

export interface TerminalDeps {
  /** The host as the user knows it. */
  readonly name: string
  readonly readOnly: boolean
  readonly transport: () => Answer<Transport>
}

type Wish = Pick<StreamParams<'terminal.open'>, 'columns' | 'rows' | 'acknowledgeReadOnly'>
type Size = Pick<StreamParams<'terminal.open'>, 'columns' | 'rows'>

/**
 * Opens a login shell with a terminal of that size and joins it to the port. The port hears `opened` or `end`
 * first; `end` is always the last, with the shell's exit code where it gave one. What is typed into a shell cannot
 * be held to reading: on a read-only host it is opened only for a user who said that it is his own hands.
 */
export function openTerminal(deps: TerminalDeps, wish: Wish, port: StreamPort): void {
  const { columns, rows, acknowledgeReadOnly } = wish
  const size = { columns, rows }
  const transport: Answer<Transport> =
    deps.readOnly && acknowledgeReadOnly !== true
      ? fail(problem('host.terminalReadOnly', {}, { host: deps.name }))
      : deps.transport()
  if (!transport.ok) {
    port.start()
    port.postMessage({ type: 'end', problem: transport.problem, code: null })
    port.close()
    return
  }
  void new Terminal(deps.name, size, port).run(transport.value)
}

class Terminal {
  readonly #name: string
  readonly #port: StreamPort
  readonly #stop = new AbortController()
  #size: Size
  #shell: { readonly channel: ShellChannel; readonly input: Inflow; readonly output: Outflow } | null = null
  #ended = false

  constructor(name: string, size: Size, port: StreamPort) {
    this.#name = name
    this.#size = size
    this.#port = port
    port.on('message', ({ data }) => this.#receive(data))
    port.on('close', () => this.#leave())
    port.start()
  }

  async run(transport: Transport): Promise<void> {
    const asked = this.#size
    const shell = await transport.shell({
      pty: { term: 'xterm-256color', ...asked },
      env: { COLORTERM: 'truecolor' },
      signal: this.#stop.signal,
    })
    if (!shell.ok) {
      this.#end(shell.problem, null)
      return
    }
    const channel = shell.value
    if (this.#ended) {
      channel.close()
      return
    }
    // Told by `closed` as well; without a listener it would end the process.
    channel.stream.on('error', () => undefined)
    this.#port.postMessage({ type: 'opened' })
    this.#shell = {
      channel,
      input: new Inflow(channel.stream, (bytes) => this.#port.postMessage({ type: 'credit', bytes })),
      output: new Outflow(
        channel.stream,
        screenWindowBytes,
        (bytes) => {
          if (!this.#ended) this.#port.postMessage({ type: 'data', bytes })
        },
        { portionBytes: drawnPortionBytes },
      ),
    }
    const now = this.#size
    if (now.columns !== asked.columns || now.rows !== asked.rows) channel.resize(now.columns, now.rows)
    const { code, lost } = await channel.closed
    this.#end(lost ? problem('ssh.lost', {}, { host: this.#name }) : null, code)
  }

  #receive(data: unknown): void {
    if (this.#ended) return
    const message = streamUpSchema.safeParse(data)
    if (!message.success) {
      this.#refuse()
      return
    }
    this.#obey(message.data)
  }

  #obey(message: StreamUp): void {
    switch (message.type) {
      case 'data':
        // A page sends nothing before it has heard `opened`.
        if (this.#shell?.input.write(message.bytes) !== true) this.#refuse()
        return
      case 'credit':
        this.#shell?.output.credit(message.bytes)
        return
      case 'resize':
        this.#size = { columns: message.columns, rows: message.rows }
        this.#shell?.channel.resize(message.columns, message.rows)
        return
      case 'close':
        this.#leave()
        return
      default:
        assertNever(message)
    }
  }

  #refuse(): void {
    this.#end(problem('app.invalidRequest', { method: 'terminal.open' }), null)
    this.#hangUp()
  }

  /** The tab is gone: so is the shell. */
  #leave(): void {
    this.#ended = true
    this.#hangUp()
    this.#port.close()
  }

  #hangUp(): void {
    this.#stop.abort()
    this.#shell?.channel.close()
  }

  #end(problem: Problem | null, code: number | null): void {
    if (this.#ended) return
    this.#ended = true
    this.#port.postMessage({ type: 'end', problem, code })
    this.#port.close()
  }
}
