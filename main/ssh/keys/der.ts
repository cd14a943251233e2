/** The few DER forms (X.690) needed to hand a private key to the runtime's crypto. */
function tlv(tag: number, content: Uint8Array): Buffer {
  const { length } = content
  const header: number[] = [tag]
  if (length < 0x80) header.push(length)
  else if (length < 0x100) header.push(0x81, length)
  else header.push(0x82, length >> 8, length & 0xff)
  return Buffer.concat([Buffer.from(header), content])
}

export const derSequence = (...items: readonly Uint8Array[]): Buffer => tlv(0x30, Buffer.concat(items))
export const derOctets = (bytes: Uint8Array): Buffer => tlv(0x04, bytes)
export const derBits = (bytes: Uint8Array): Buffer => tlv(0x03, Buffer.concat([Buffer.from([0]), bytes]))
export const derOid = (encoded: readonly number[]): Buffer => tlv(0x06, Buffer.from(encoded))
export const derContext = (number: number, content: Uint8Array): Buffer => tlv(0xa0 | number, content)

/** @param bytes big-endian and not negative, as an mpint of RFC 4251 or without its leading zero. */
export function derInteger(bytes: Uint8Array): Buffer {
  let start = 0
  while (start < bytes.length - 1 && bytes[start] === 0) start++
  const trimmed = bytes.subarray(start)
  const negative = ((trimmed[0] ?? 0) & 0x80) !== 0
  const padded = negative ? Buffer.concat([Buffer.from([0]), trimmed]) : trimmed
  return tlv(0x02, padded.length === 0 ? Buffer.from([0]) : padded)
}
