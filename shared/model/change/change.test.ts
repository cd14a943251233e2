import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Change, Step } from './change'
import type { Json } from './canonical'
import { canonicalJson, digestOf, digestOfText } from './canonical'
import { changeDigest } from './digest'
import { commandText, diffHunks, previewOf } from './preview'

const metadata = { mode: 0o640, uid: 0, gid: 5, label: null, acl: null, attributes: null }
const image = (text: string) => ({
  ...metadata,
  text,
  digest: digestOfText(text),
  linkTarget: null,
  links: 1,
  mounted: false,
})
const changeOf = (...steps: readonly Step[]): Change => ({
  title: { key: 't', params: {} },
  reason: '',
  intent: { capability: 'x' },
  parts: [{ host: 'harbor', steps, disturbs: [], proof: { capability: 'x', expect: null } }],
})

/** JSON.parse gives JSON. */
const parsed = (text: string) => JSON.parse(text) as Json

describe('canonical JSON', () => {
  it('means the same value, and does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
        expect(canonicalJson(parsed(text))).toBe(text)
      }),
    )
    expect(canonicalJson({ b: 1, a: [true, null, 'x'] })).toBe('{"a":[true,null,"x"],"b":1}')
    expect(canonicalJson({ a: undefined, b: 2 })).toBe('{"b":2}')
  })

  it('has a digest for bytes that are no UTF-8, and tells them apart', () => {
    expect(digestOf('\udc80')).not.toBe(digestOf('\udc81'))
    expect(digestOfText('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    expect(() => canonicalJson(Number.NaN)).toThrow(RangeError)
  })
})

describe('a change', () => {
  it('has another digest when anything in it is another', () => {
    const write = (text: string): Step => ({
      kind: 'write',
      path: '/a',
      before: image('x'),
      after: { ...metadata, text, digest: digestOfText(text) },
      secret: false,
    })
    const digest = changeDigest(changeOf(write('y')))
    expect(changeDigest(changeOf(write('y')))).toBe(digest)
    expect(changeDigest(changeOf(write('z')))).not.toBe(digest)
    expect(changeDigest({ ...changeOf(write('y')), reason: 'because' })).not.toBe(digest)
  })

  it('is previewed step by step', () => {
    const after = { ...metadata, mode: 0o600, text: 'b\n', digest: digestOfText('b\n') }
    const argv = { kind: 'argv', argv: ['sysctl', '-w', "a b='c'"] } as const
    const preview = previewOf(
      changeOf(
        { kind: 'write', path: '/w', before: image('a\n'), after, secret: false },
        { kind: 'create', path: '/c', after, secret: true },
        { kind: 'delete', path: '/d', before: image('one\ntwo'), secret: false },
        { kind: 'move', from: '/m', to: '/n', before: image(''), secret: false },
        { kind: 'runtime', title: { key: 'r', params: {} }, capture: argv, set: argv, restore: argv },
        {
          kind: 'oneWay',
          title: { key: 'o', params: {} },
          command: { kind: 'script', script: 'reboot', args: ['now then'] },
        },
      ),
    )
    expect(preview.parts[0]).toMatchObject({
      host: 'harbor',
      reversible: false,
      files: [
        {
          kind: 'write',
          path: '/w',
          added: 1,
          removed: 1,
          metadata: [{ name: 'mode', before: '0640', after: '0600' }],
        },
        { kind: 'create', path: '/c', masked: true, hunks: [] },
        {
          kind: 'delete',
          path: '/d',
          removed: 2,
          hunks: [
            {
              lines: [
                { text: 'one', ended: true },
                { text: 'two', ended: false },
              ],
            },
          ],
        },
        { kind: 'move', path: '/m', to: '/n' },
      ],
      commands: [
        { text: `sysctl -w 'a b='\\''c'\\'''`, reversible: true },
        { text: "set -- 'now then'\nreboot", reversible: false },
      ],
    })
  })

  it('has hunks from which the new text follows', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', '', '\\ No newline', '+x', '-y', ' z\r'), {
      maxLength: 14,
    })
    const text = fc.tuple(lines, fc.boolean()).map(([all, ended]) => all.join('\n') + (ended ? '\n' : ''))
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(patched(before, after)).toBe(after)
      }),
      { numRuns: 2000 },
    )
  })

  it('does not take long over two long texts that share nothing', () => {
    const before = Array.from({ length: 20_000 }, (_, at) => (at > 10 ? `old ${at}\n` : 'same\n')).join('')
    const after = Array.from({ length: 20_000 }, (_, at) =>
      at < 19_990 ? `new ${at}\n` : `old ${at}\n`,
    ).join('')
    expect(patched(before, after)).toBe(after)
  }, 30_000)

  it('quotes a command for reading', () => {
    expect(commandText({ kind: 'argv', argv: ['kill', '-HUP', '1', '', '$x', 'a\nb'] })).toBe(
      "kill -HUP 1 '' '$x' 'a\nb'",
    )
  })
})

/** What patch(1) would make of the text. */
function patched(before: string, after: string): string {
  const old = before === '' ? [] : (before.match(/[^\n]*\n|[^\n]+$/g) ?? [])
  const made: string[] = []
  let at = 0
  for (const hunk of diffHunks(before, after)) {
    const start = hunk.oldLines === 0 ? hunk.oldStart : hunk.oldStart - 1
    made.push(...old.slice(at, start))
    made.push(
      ...hunk.lines
        .filter(({ kind }) => kind !== 'removed')
        .map(({ text, ended }) => text + (ended ? '\n' : '')),
    )
    at = start + hunk.oldLines
  }
  return [...made, ...old.slice(at)].join('')
}
