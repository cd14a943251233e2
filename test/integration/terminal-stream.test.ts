import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openTerminal } from '../../main/capability/terminal'
import { screenWindowBytes } from '../../main/capability/terminal/window'
import type { StreamPort } from '../../main/host/stream-port'
import type { Transport } from '../../main/ssh'
import { fail, ok, type Answer } from '../../shared/contract/answer'
import { problem } from '../../shared/contract/problem'
import { streamChunkBytes, type StreamDown, type StreamUp } from '../../shared/contract/stream'
import { closeTransports, emptyHome, hopTo, open, untilState } from './ssh/harness'
import { startSshd, type LocalSshd } from './ssh/local-sshd'

let sshd: LocalSshd
let transport: Transport

beforeAll(async () => {
  sshd = await startSshd(['SetEnv LANG=C.UTF-8'])
  transport = open([hopTo(sshd.port, [{ kind: 'key', path: sshd.keyFile }])], { env: await emptyHome() })
  await untilState(transport, 'up')
})
afterAll(async () => {
  closeTransports()
  await sshd.stop()
})

const opened = new Set<MessagePort>()
afterEach(() => {
  for (const port of opened) port.close()
  opened.clear()
})

/** The page's side of a terminal stream, that gives credit only when told to. */
class Page {
  readonly #port: MessagePort
  readonly messages: StreamDown[] = []
  readonly #waiting = new Set<() => void>()
  readonly chunks: Uint8Array[] = []
  received = 0
  generous = true

  constructor(
    answer: Answer<Transport> = ok(transport),
    wish: Parameters<typeof openTerminal>[1] = { columns: 80, rows: 24 },
    readOnly = false,
  ) {
    const { port1, port2 } = new MessageChannel()
    opened.add(port1)
    this.#port = port1
    port1.on('message', (message: StreamDown) => {
      this.messages.push(message)
      if (message.type === 'data') {
        this.chunks.push(message.bytes)
        this.received += message.bytes.length
        if (this.generous) this.send({ type: 'credit', bytes: message.bytes.length })
      }
      for (const look of [...this.#waiting]) look()
    })
    openTerminal({ name: 'harbor', readOnly, transport: () => answer }, wish, streamPort(port2))
  }

  /** What was shown, without the marks by which bash turns bracketed paste on and off. */
  get text(): string {
    const text = Buffer.concat(this.chunks).toString('utf8')
    // eslint-disable-next-line no-control-regex -- ESC is what a terminal's sequences start with
    return text.replace(/\x1b\[\?2004[hl]\r?/g, '')
  }

  /** The last of what was shown; cheap to look at during a flood. */
  get tail(): string {
    return Buffer.concat(this.chunks.slice(-3)).toString('utf8')
  }

  /** A page whose shell has started. */
  static async opened(size?: { columns: number; rows: number }): Promise<Page> {
    const page = new Page(ok(transport), size)
    await page.until('opened', () => page.messages[0]?.type === 'opened')
    return page
  }

  get end(): Extract<StreamDown, { type: 'end' }> | undefined {
    return this.messages.find((message) => message.type === 'end')
  }

  send(message: StreamUp): void {
    this.#port.postMessage(message)
  }

  raw(message: unknown): void {
    this.#port.postMessage(message)
  }

  leave(): void {
    this.#port.close()
  }

  type(text: string): void {
    this.send({ type: 'data', bytes: new TextEncoder().encode(text) })
  }

  until(what: string, holds: () => boolean, timeoutMs = 20_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (!holds()) return
        clearTimeout(timer)
        this.#waiting.delete(look)
        resolve()
      }
      const timer = setTimeout(() => {
        reject(new Error(`no ${what}; the terminal shows ${JSON.stringify(this.text.slice(-500))}`))
      }, timeoutMs)
      this.#waiting.add(look)
      look()
    })
  }
}

/** Electron's ports hand messages over in an event; Node's do not. */
function streamPort(port: MessagePort): StreamPort {
  return {
    postMessage: (message) => port.postMessage(message),
    on(event: 'message' | 'close', listener: (message: { readonly data: unknown }) => void) {
      if (event === 'message') port.on('message', (data: unknown) => listener({ data }))
      else port.on('close', () => listener({ data: null }))
      return this
    },
    start: () => port.start(),
    close: () => port.close(),
  }
}

const countShells = async (page: Page, marker: string) => {
  page.type(`pgrep -fc "[s]leep ${marker}"; echo counted\r`)
  await page.until('count', () => /(\d+)\r\ncounted/.test(page.text))
  const last = [...page.text.matchAll(/(\d+)\r\ncounted/g)].at(-1)
  page.chunks.length = 0
  return Number(last?.[1])
}

describe('a terminal stream', () => {
  it('opens a shell of the size asked for, and carries what is typed and shown', async () => {
    const page = await Page.opened({ columns: 97, rows: 31 })
    page.type('stty size; echo "$TERM"; echo 你好-"🚀"\r')
    await page.until('answer', () => /\n31 97\r\nxterm-256color\r\n你好-🚀\r\n/.test(page.text))
  })

  it('tells the program of a new size', async () => {
    const page = new Page()
    page.send({ type: 'resize', columns: 61, rows: 17 })
    await page.until('opened', () => page.messages.length > 0)
    page.type('stty size\r')
    await page.until('first size', () => page.text.includes('\n17 61\r\n'))
    page.send({ type: 'resize', columns: 133, rows: 44 })
    page.type('stty size\r')
    await page.until('second size', () => page.text.includes('\n44 133\r\n'))
  })

  it('ends with the exit code of the shell, after all that it printed', async () => {
    const page = await Page.opened()
    page.type('exec sh -c "seq 1 2000; exit 7"\r')
    await page.until('end', () => page.end !== undefined)
    expect(page.end).toEqual({ type: 'end', problem: null, code: 7 })
    expect(page.text).toMatch(/\n1999\r\n2000\r\n$/)
  })

  it('has no exit code for a shell that a signal ended', async () => {
    const page = await Page.opened()
    page.type('kill -9 $$\r')
    await page.until('end', () => page.end !== undefined)
    expect(page.end).toEqual({ type: 'end', problem: null, code: null })
  })

  it('answers with the problem when the host is not connected', async () => {
    const refused = problem('host.notConnected', {}, { host: 'harbor' })
    const page = new Page(fail(refused))
    await page.until('end', () => page.end !== undefined)
    expect(page.messages).toEqual([{ type: 'end', problem: refused, code: null }])
  })

  it('ends the shell when the tab is closed, and when the page is gone without a word', async () => {
    const witness = await Page.opened()
    for (const leave of [(page: Page) => page.send({ type: 'close' }), (page: Page) => page.leave()]) {
      const page = await Page.opened()
      page.type('echo "ready"; exec sleep 98765\r')
      await page.until('ready', () => page.text.includes('\r\nready'))
      await expect.poll(() => countShells(witness, '98765')).toBe(1)
      leave(page)
      await expect.poll(() => countShells(witness, '98765'), { timeout: 10_000 }).toBe(0)
    }
  })

  it('refuses a page that does not keep to the contract', async () => {
    for (const bad of [
      { type: 'resize', columns: 1, rows: 0 },
      { type: 'data', bytes: 'text' },
      'close',
      null,
    ]) {
      const page = await Page.opened()
      page.raw(bad)
      await page.until('end', () => page.end !== undefined)
      expect(page.end?.problem?.code).toBe('app.invalidRequest')
    }
  })
})

describe('a host that is read-only', () => {
  const size = { columns: 80, rows: 24 }

  it('opens no shell until the page says that its user knows what that means', async () => {
    const refused = new Page(ok(transport), size, true)
    await refused.until('its end', () => refused.messages.length > 0)
    expect(refused.messages).toEqual([
      {
        type: 'end',
        problem: problem('host.terminalReadOnly', {}, { host: 'harbor' }),
        code: null,
      },
    ])
    const denied = new Page(ok(transport), { ...size, acknowledgeReadOnly: false }, true)
    await denied.until('its end', () => denied.messages.length > 0)
    expect(denied.messages[0]).toMatchObject({ problem: { code: 'host.terminalReadOnly' } })
    const shell = new Page(ok(transport), { ...size, acknowledgeReadOnly: true }, true)
    await shell.until('opened', () => shell.messages[0]?.type === 'opened')
  })
})

describe('flow control', () => {
  it('sends no more than the window when the screen draws nothing, and stops the program on the host', async () => {
    const page = await Page.opened()
    await page.until('a prompt', () => page.received > 0)
    const before = page.received
    page.generous = false
    page.type('exec dd if=/dev/zero bs=64k count=400 2>/dev/null\r')
    const progress = await Page.opened()
    const readBytes = async () => {
      progress.chunks.length = 0
      progress.type('cat /proc/$(pgrep -x dd)/io | sed -n 2p\r')
      await progress.until('wchar', () => /wchar: \d+/.test(progress.text))
      return Number(/wchar: (\d+)/.exec(progress.text)?.[1])
    }
    await page.until('a full window', () => page.received - before > screenWindowBytes - 2 * streamChunkBytes)
    await new Promise((resolve) => setTimeout(resolve, 1000))
    expect(page.received - before).toBeLessThanOrEqual(screenWindowBytes)
    const held = await readBytes()
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(await readBytes()).toBe(held)
    // 2 MiB that ssh2 promises at the start, our window, and what lies in sshd and the pty.
    expect(held).toBeLessThan(6 * 1024 * 1024)
    page.generous = true
    page.send({ type: 'credit', bytes: page.received - before })
    await page.until('end', () => page.end !== undefined, 60_000)
    expect(page.received - before).toBeGreaterThanOrEqual(400 * 64 * 1024)
  })

  it('keeps every byte of a flood, in order', async () => {
    const lines = Array.from(
      { length: 200_000 },
      (_, n) => `${String(n)} ${createHash('md5').update(String(n)).digest('hex')}`,
    )
    const text = lines.join('\n') + '\n'
    const file = join(sshd.directory, 'flood')
    await writeFile(file, text)
    const page = await Page.opened()
    page.type(`stty -onlcr; printf 'be''gin\\n'; cat ${file}; printf 'the''end'\r`)
    await page.until('the end', () => page.tail.includes('theend'), 60_000)
    const shown = page.text
    const begin = shown.indexOf('begin\n') + 'begin\n'.length
    const body = shown.slice(begin, shown.lastIndexOf('theend'))
    expect(createHash('sha256').update(body).digest('hex')).toBe(
      createHash('sha256').update(text).digest('hex'),
    )
    expect(Math.max(...page.chunks.map(({ length }) => length))).toBeLessThanOrEqual(streamChunkBytes)
    // A view of a larger buffer would carry all of it through the port.
    expect(page.chunks.every((chunk) => chunk.byteLength === chunk.buffer.byteLength)).toBe(true)
  })

  it('leaves at most 512 KiB between the host and the screen once the first 2 MiB are through', async () => {
    const page = await Page.opened()
    page.type('cat /dev/zero\r')
    await page.until('4 MiB', () => page.received > 4 * 1024 * 1024)
    page.generous = false
    await new Promise((resolve) => setTimeout(resolve, 700))
    const held = page.received
    // Ctrl+C, and then all that is still on its way.
    page.type('\x03')
    page.generous = true
    page.send({ type: 'credit', bytes: screenWindowBytes })
    await page.until('a prompt', () => /[#$] $/.test(page.tail))
    // What sshd had already taken from the pty comes on top.
    expect(page.received - held).toBeLessThan(1024 * 1024)
  })

  it('takes a paste of 4 MiB, waiting for the program that reads it', async () => {
    const page = await Page.opened()
    page.type('stty raw -echo; printf re""ady; sleep 1; head -c 4194304 | sha256sum; stty sane\r')
    await page.until('ready', () => page.text.includes('ready'))
    const bytes = new Uint8Array(4 * 1024 * 1024).map((_, n) => 33 + (n % 90))
    let credit = 1024 * 1024 - 200
    let given = 0
    let at = 0
    await page.until('hash', () => {
      const all = page.messages.reduce(
        (sum, message) => sum + (message.type === 'credit' ? message.bytes : 0),
        0,
      )
      credit += all - given
      given = all
      while (at < bytes.length && credit >= streamChunkBytes) {
        page.send({ type: 'data', bytes: bytes.slice(at, at + streamChunkBytes) })
        at += streamChunkBytes
        credit -= streamChunkBytes
      }
      return /[0-9a-f]{64}/.test(page.text)
    })
    expect(page.text).toContain(createHash('sha256').update(bytes).digest('hex'))
  })

  it('refuses a page that sends more than it has credit for', async () => {
    const page = await Page.opened()
    page.type('stty raw -echo; printf re""ady; sleep 100\r')
    await page.until('ready', () => page.text.includes('ready'))
    for (let n = 0; n < 80; n++) page.send({ type: 'data', bytes: new Uint8Array(streamChunkBytes) })
    await page.until('end', () => page.end !== undefined)
    expect(page.end?.problem?.code).toBe('app.invalidRequest')
  })
})

describe('a dropped connection', () => {
  it('ends the stream with ssh.lost', async () => {
    const own = await startSshd()
    const lost = open([hopTo(own.port, [{ kind: 'key', path: own.keyFile }])], { env: await emptyHome() })
    await untilState(lost, 'up')
    const page = new Page(ok(lost))
    await page.until('opened', () => page.messages.length > 0)
    page.type('echo "$PPID"; echo shown""-all\r')
    await page.until('a prompt', () => page.text.includes('shown-all\r'))
    const parent = /\n(\d+)\r/.exec(page.text)?.[1]
    // The sshd process of this one connection is the shell's parent.
    process.kill(Number(parent), 'SIGKILL')
    await page.until('end', () => page.end !== undefined)
    expect(page.end).toMatchObject({ problem: { code: 'ssh.lost', host: 'harbor' }, code: null })
    lost.close()
    await own.stop()
  })
})
