import { sha256 } from '@noble/hashes/sha2'
import { bytesToHex } from '@noble/hashes/utils'
import { encode } from '../../codec'

export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }

/**
 * JSON with sorted keys and no white space: the same value gives the same text. A key whose value is undefined
 * is left out. Lone surrogates are written as \uXXXX, so bytes that are no UTF-8 have a text of their own.
 * @throws RangeError for NaN and the infinities, which JSON cannot say.
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError('JSON has no such number')
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`
  const members = Object.keys(value)
    .sort()
    .flatMap((key) => {
      const member = value[key]
      return member === undefined ? [] : [`${JSON.stringify(key)}:${canonicalJson(member)}`]
    })
  return `{${members.join(',')}}`
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value)
}

/** SHA-256, lower-case hex, of the bytes that a codec string stands for. */
export function digestOfText(text: string): string {
  return bytesToHex(sha256(encode(text)))
}

export function digestOfBytes(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes))
}

/** SHA-256, lower-case hex, of a value's canonical JSON. */
export function digestOf(value: Json): string {
  return digestOfText(canonicalJson(value))
}
