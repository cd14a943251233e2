import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ClientMessages } from './client-messages'

const uint16 = (value: number) => [value >> 8, value & 255]
const uint32 = (value: number) => [...uint16(value >>> 16), ...uint16(value & 0xffff)]
const bytes = (min: number, max = min) =>
  fc.uint8Array({ minLength: min, maxLength: max }).map((array) => [...array])

/** Whole messages, by hand, with whether they only look. */
const looks = fc.oneof(
  bytes(19).map((rest) => [0, ...rest]),
  bytes(0, 40).map((rest) => {
    const count = Math.floor(rest.length / 4)
    return [2, 0, ...uint16(count), ...rest.slice(0, count * 4)]
  }),
  bytes(9).map((rest) => [3, ...rest]),
  bytes(9).map((rest) => [150, ...rest]),
  fc.tuple(bytes(7), bytes(0, 64)).map(([head, payload]) => [248, ...head, payload.length, ...payload]),
)
const acts = fc.oneof(
  bytes(7).map((rest) => [4, ...rest]),
  bytes(4).map((rest) => [5, 1, ...rest]),
  bytes(5).map((rest) => [5, 0x81, ...rest]),
  bytes(0, 300).map((text) => [6, 0, 0, 0, ...uint32(text.length), ...text]),
  bytes(4, 300).map((text) => [6, 0, 0, 0, ...uint32(-text.length >>> 0), ...text]),
  bytes(2).map((rest) => [250, 0, ...rest]),
  fc
    .tuple(bytes(5), fc.integer({ min: 0, max: 3 }), fc.integer())
    .map(([head, screens]) => [251, ...head, screens, 0, ...new Array<number>(16 * screens).fill(4)]),
  bytes(10).map((rest) => [255, 0, ...rest]),
  fc.constantFrom([255, 1, 0, 0], [255, 1, 0, 1], [255, 1, 0, 2, 0, 2, 0, 0, 172, 68]),
)
const traffic = fc.array(
  fc.oneof(
    looks.map((message) => ({ message, look: true })),
    acts.map((message) => ({ message, look: false })),
  ),
  { maxLength: 20 },
)
const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 })

/** All of it, cut in pieces of these sizes, over and over. */
function* cut(all: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, turn = 0; at < all.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1
    yield all.subarray(at, at + size)
    at += size
  }
}

describe('while only looking is allowed', () => {
  it('the messages that look go on whole and in order, and nothing else does, however they are cut', () => {
    fc.assert(
      fc.property(traffic, cuts, (messages, sizes) => {
        const filter = new ClientMessages(() => true)
        const all = Uint8Array.from(messages.flatMap(({ message }) => message))
        const out: number[] = []
        for (const piece of cut(all, sizes)) out.push(...(filter.filter(piece) ?? [NaN]))
        expect(out).toEqual(messages.flatMap(({ look, message }) => (look ? message : [])))
      }),
    )
  })

  it('whatever a viewer sends, what goes on is read as messages that look', () => {
    fc.assert(
      fc.property(bytes(0, 400), cuts, (noise, sizes) => {
        const filter = new ClientMessages(() => true)
        const out: number[] = []
        for (const piece of cut(Uint8Array.from(noise), sizes)) {
          const passed = filter.filter(piece)
          if (passed === null) break
          out.push(...passed)
        }
        // Nothing is dropped of it when it is filtered again, so it holds no message that acts.
        const again = new ClientMessages(() => true).filter(Uint8Array.from(out))
        expect(again === null ? null : [...again]).toEqual(out)
      }),
    )
  })

  it.each([
    ['an unknown type', [77, 0, 0, 0]],
    ['a fence that is longer than any', [248, 0, 0, 0, 0, 0, 0, 0, 65]],
    ['an unknown kind of QEMU’s', [255, 9, 0, 0]],
  ])('%s ends it', (_, message) => {
    expect(new ClientMessages(() => true).filter(Uint8Array.from(message))).toBeNull()
  })

  it('a clipboard of two gigabytes is not held', () => {
    const filter = new ClientMessages(() => true)
    expect(filter.filter(Uint8Array.from([6, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff]))).toHaveLength(0)
    for (let at = 0; at < 50; at += 1) expect(filter.filter(new Uint8Array(64 * 1024))).toHaveLength(0)
  })
})

describe('while all is allowed', () => {
  it('every byte goes on, known or not', () => {
    fc.assert(
      fc.property(bytes(0, 400), cuts, (noise, sizes) => {
        const filter = new ClientMessages(() => false)
        const out: number[] = []
        for (const piece of cut(Uint8Array.from(noise), sizes)) out.push(...(filter.filter(piece) ?? [NaN]))
        // The head of a message whose length is not known yet waits for the rest of it.
        expect(out).toEqual(noise.slice(0, out.length))
        expect(noise.length - out.length).toBeLessThan(9)
      }),
    )
  })

  it('a host that is set to read-only meanwhile is held from the next message on, or left when that cannot be told', () => {
    let only = false
    const key = Uint8Array.from([4, 1, 0, 0, 0, 0, 0, 97])
    const filter = new ClientMessages(() => only)
    expect([...(filter.filter(key.subarray(0, 4)) ?? [])]).toEqual([4, 1, 0, 0])
    only = true
    expect([...(filter.filter(key.subarray(4)) ?? [])]).toEqual([0, 0, 0, 97])
    expect(filter.filter(key)).toHaveLength(0)
    only = false
    expect(filter.filter(key)).toHaveLength(8)
    expect(filter.filter(Uint8Array.from([77, 1, 2]))).toHaveLength(3)
    only = true
    expect(filter.filter(key)).toBeNull()
  })
})
