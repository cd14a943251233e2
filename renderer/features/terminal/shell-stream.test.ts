import { afterEach, describe, expect, it } from 'vitest'
import type { StreamDown, StreamUp } from '../../../shared/contract/stream'
import { streamChunkBytes, streamWindowBytes } from '../../../shared/contract/stream'
import { ShellStream, type ShellListener } from './shell-stream'

const ports: MessagePort[] = []
afterEach(() => {
  for (const port of ports.splice(0)) port.close()
})

/** A stream with the test in the host's place. */
function make(listener: Partial<ShellListener> = {}) {
  const { port1, port2 } = new MessageChannel()
  ports.push(port1, port2)
  const heard: StreamUp[] = []
  port2.addEventListener('message', (event: MessageEvent<StreamUp>) => heard.push(event.data))
  port2.start()
  const ignore = () => undefined
  const stream = new ShellStream(port1, { opened: ignore, data: ignore, ended: ignore, ...listener })
  const say = async (message: StreamDown) => {
    port2.postMessage(message)
    await settle()
  }
  return { stream, heard, say }
}
const settle = () => new Promise((resolve) => setTimeout(resolve, 20))
const sent = (heard: readonly StreamUp[]) =>
  heard.reduce((sum, message) => sum + (message.type === 'data' ? message.bytes.length : 0), 0)

describe('ShellStream', () => {
  it('holds what is typed until the shell is open', async () => {
    const { stream, heard, say } = make()
    stream.send(new Uint8Array([65]))
    await settle()
    expect(heard).toEqual([])
    await say({ type: 'opened' })
    expect(heard).toEqual([{ type: 'data', bytes: new Uint8Array([65]) }])
  })

  it('sends a large paste in pieces, within the credit it has', async () => {
    const { stream, heard, say } = make()
    await say({ type: 'opened' })
    stream.send(new Uint8Array(3 * streamWindowBytes))
    await settle()
    expect(sent(heard)).toBe(streamWindowBytes)
    expect(stream.waiting).toBe(2 * streamWindowBytes)
    await say({ type: 'credit', bytes: streamChunkBytes })
    expect(sent(heard)).toBe(streamWindowBytes + streamChunkBytes)
    expect(
      heard.every((message) => message.type !== 'data' || message.bytes.length <= streamChunkBytes),
    ).toBe(true)
  })

  it('gives credit back only for what was drawn, and in portions', async () => {
    const drawn: (() => void)[] = []
    const { heard, say } = make({ data: (_bytes, done) => drawn.push(done) })
    await say({ type: 'opened' })
    for (let n = 0; n < 4; n++) await say({ type: 'data', bytes: new Uint8Array(48 * 1024) })
    expect(heard).toEqual([])
    for (const done of drawn) done()
    await settle()
    expect(heard).toEqual(Array.from({ length: 2 }, () => ({ type: 'credit', bytes: 96 * 1024 })))
  })

  it('tells the end once, and is silent after it', async () => {
    const ends: (number | null)[] = []
    const { stream, heard, say } = make({ ended: (_problem, code) => ends.push(code) })
    await say({ type: 'opened' })
    await say({ type: 'end', problem: null, code: 4 })
    stream.send(new Uint8Array([1]))
    stream.resize(80, 24)
    stream.abandon({ code: 'app.hostProcessGone', params: {} })
    await settle()
    expect(ends).toEqual([4])
    expect(heard).toEqual([])
  })

  it('says goodbye when it is closed', async () => {
    const { stream, heard, say } = make({ ended: () => expect.unreachable() })
    await say({ type: 'opened' })
    stream.close()
    await settle()
    expect(heard).toEqual([{ type: 'close' }])
  })
})
