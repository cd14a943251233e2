/** What C's strtol and strtoul make of the beginning of a string: `isFound` is false where there was no digit. */
export type Numeral = { readonly value: bigint; readonly rest: string; readonly isFound: boolean }

const NUMERAL = {
  0: /^([+-]?)(0[xX][0-9a-fA-F]+|[0-9]+)/,
  8: /^([+-]?)([0-7]+)/,
  10: /^([+-]?)([0-9]+)/,
} as const
const LEAD = /^[ \t\v\f\r]*/
const MOST = { strtol: 2n ** 63n - 1n, strtoul: 2n ** 64n - 1n } as const

/** Base 0 takes `0x` and a leading `0` as C does. Too large a number becomes the largest. */
export function numeral(text: string, base: 0 | 8 | 10, by: keyof typeof MOST = 'strtol'): Numeral {
  const body = text.slice(LEAD.exec(text)?.[0].length ?? 0)
  const match = NUMERAL[base].exec(body)
  if (match === null) return { value: 0n, rest: text, isFound: false }
  const [whole, sign, digits = ''] = match
  const isOctal = base === 8 || (base === 0 && /^0[0-9]/.test(digits))
  const own = isOctal ? (/^[0-7]+/.exec(digits)?.[0] ?? '') : digits
  const size = magnitude(own, isOctal)
  const value = sign === '-' ? -size : size
  return {
    value: size > MOST[by] ? (by === 'strtol' && sign === '-' ? -MOST.strtol - 1n : MOST[by]) : value,
    rest: body.slice(whole.length - digits.length + own.length),
    isFound: true,
  }
}

/** BigInt() takes time that grows with the square of the digits: what is too long is too large whatever it is. */
function magnitude(digits: string, isOctal: boolean): bigint {
  const significant = digits.replace(/^0+(?=[0-9])/, '')
  if (significant.length > 40) return 2n ** 64n
  return BigInt(isOctal ? `0o${significant}` : significant)
}

/** As an `int` of C keeps a larger number. */
export function toInt(value: bigint): number {
  return Number(BigInt.asIntN(32, value))
}
