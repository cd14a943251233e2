/**
 * The one codec between the bytes of a host and strings: UTF-8, where each byte that is not part of valid
 * UTF-8 stands as a lone surrogate U+DC80–U+DCFF (PEP 383 calls it surrogateescape). So every byte sequence
 * has a string, and `encode(decode(bytes))` gives the same bytes back, whatever encoding a file was written in.
 */

/** What String.fromCharCode takes at once. */
const CHUNK = 8192

/** The platform's own, in Node as in the window; TypeScript counts it to the DOM, which shared code does not know. */
declare const TextDecoder: new (
  encoding: 'utf-8',
  options: { readonly fatal: true; readonly ignoreBOM: true },
) => { readonly decode: (bytes: Uint8Array) => string }

/** Gives what stands in the bytes, a byte order mark too, or throws when they are not UTF-8 from end to end. */
const valid = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Length of the valid UTF-8 sequence that starts at `at` (Unicode 15, table 3-7), or 0 when there is none. */
function sequenceLength(bytes: Uint8Array, at: number): 0 | 1 | 2 | 3 | 4 {
  const lead = bytes[at] ?? 0
  if (lead < 0x80) return 1
  if (lead < 0xc2 || lead > 0xf4) return 0
  const second = bytes[at + 1] ?? 0
  if (lead < 0xe0) return isContinuation(second) ? 2 : 0
  const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  if (second < lowest || second > highest) return 0
  if (!isContinuation(bytes[at + 2] ?? 0)) return 0
  if (lead < 0xf0) return 3
  return isContinuation(bytes[at + 3] ?? 0) ? 4 : 0
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80
}

/** Bytes of a host as a string. Total: every byte sequence has a string; nothing is replaced or dropped. */
export function decode(bytes: Uint8Array): string {
  try {
    return valid.decode(bytes)
  } catch {
    // Some byte is not UTF-8: that one has to be found and escaped.
    return escaped(bytes)
  }
}

function escaped(bytes: Uint8Array): string {
  const units = new Uint16Array(CHUNK + 2)
  let filled = 0
  let text = ''
  let at = 0
  while (at < bytes.length) {
    const lead = bytes[at] ?? 0
    switch (sequenceLength(bytes, at)) {
      case 0:
        units[filled++] = 0xdc00 + lead
        at += 1
        break
      case 1:
        units[filled++] = lead
        at += 1
        break
      case 2:
        units[filled++] = ((lead & 0x1f) << 6) | ((bytes[at + 1] ?? 0) & 0x3f)
        at += 2
        break
      case 3:
        units[filled++] =
          ((lead & 0x0f) << 12) | (((bytes[at + 1] ?? 0) & 0x3f) << 6) | ((bytes[at + 2] ?? 0) & 0x3f)
        at += 3
        break
      case 4: {
        const point =
          ((lead & 0x07) << 18) |
          (((bytes[at + 1] ?? 0) & 0x3f) << 12) |
          (((bytes[at + 2] ?? 0) & 0x3f) << 6) |
          ((bytes[at + 3] ?? 0) & 0x3f)
        units[filled++] = 0xd7c0 + (point >> 10)
        units[filled++] = 0xdc00 + (point & 0x3ff)
        at += 4
        break
      }
    }
    if (filled >= CHUNK) {
      text += textOf(units.subarray(0, filled))
      filled = 0
    }
  }
  return text + textOf(units.subarray(0, filled))
}

function textOf(units: Uint16Array): string {
  // A spread would copy the units one by one.
  return String(Reflect.apply(String.fromCharCode, undefined, units))
}

/**
 * A string as bytes for a host.
 * @throws RangeError when the text holds a lone surrogate outside U+DC80–U+DCFF: no byte stands behind it.
 *   Text typed by a user is checked with {@link isEncodable} where it enters.
 */
export function encode(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3)
  let filled = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0x80) {
      bytes[filled++] = unit
    } else if (unit < 0x800) {
      bytes[filled++] = 0xc0 | (unit >> 6)
      bytes[filled++] = 0x80 | (unit & 0x3f)
    } else if (unit < 0xd800 || unit > 0xdfff) {
      bytes[filled++] = 0xe0 | (unit >> 12)
      bytes[filled++] = 0x80 | ((unit >> 6) & 0x3f)
      bytes[filled++] = 0x80 | (unit & 0x3f)
    } else if (unit < 0xdc00 && isLowSurrogate(text.charCodeAt(at + 1))) {
      const point = ((unit - 0xd7c0) << 10) | (text.charCodeAt(at + 1) & 0x3ff)
      bytes[filled++] = 0xf0 | (point >> 18)
      bytes[filled++] = 0x80 | ((point >> 12) & 0x3f)
      bytes[filled++] = 0x80 | ((point >> 6) & 0x3f)
      bytes[filled++] = 0x80 | (point & 0x3f)
      at += 1
    } else if (isEscapedByte(unit)) {
      bytes[filled++] = unit - 0xdc00
    } else {
      throw new RangeError(`No byte stands behind the lone surrogate U+${unit.toString(16).toUpperCase()}`)
    }
  }
  return bytes.slice(0, filled)
}

/** Whether {@link encode} accepts the text. */
export function isEncodable(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0xd800 || unit > 0xdfff || isEscapedByte(unit)) continue
    if (unit < 0xdc00 && isLowSurrogate(text.charCodeAt(at + 1))) at += 1
    else return false
  }
  return true
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}

function isEscapedByte(unit: number): boolean {
  return unit >= 0xdc80 && unit <= 0xdcff
}
