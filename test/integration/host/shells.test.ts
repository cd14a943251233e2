import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { printBytes, quote } from '../../../main/host/quote'
import { acting } from '../../../main/host/change/acting'
import { buildScript, type Section } from '../../../main/host/script'
import { parseScriptAnswer } from '../../../main/host/script-answer'
import { decode, encode } from '../../../shared/codec'
import type { Host } from '../../lab/host'
import { openLab, type Lab } from '../../lab/lab'

let lab: Lab
let host: Host
beforeAll(async () => {
  lab = await openLab()
  host = await lab.host({ name: 'shells' })
})
afterAll(() => lab.close())

/** Every POSIX shell that the lab has; each is somewhere the /bin/sh of its system. */
const shells = ['dash', 'bash', 'bash --posix', 'busybox sh'] as const

/** stdout, byte for byte. */
async function run(shell: string, script: string): Promise<Buffer> {
  const file = `/tmp/out-${Math.random().toString(36).slice(2)}`
  await host.must(`${shell} -s >${file}`, { input: encode(script) })
  return host.readFile(file)
}

const bytes = fc.uint8Array({ maxLength: 60 })
const word = bytes.map((some) => decode(some.filter((byte) => byte !== 0)))
const nasty = fc.oneof(
  word,
  fc
    .string({ unit: 'binary', maxLength: 30 })
    .map((text) => decode(encode(text.replaceAll('\0', '').replace(/[\ud800-\udfff]/g, '')))),
  fc.constantFrom(
    '',
    "'",
    "''",
    '\\',
    '\n',
    '-n',
    '$(id)',
    '`id`',
    '"',
    '!',
    '*',
    '~',
    '%s',
    '\\0',
    '\r',
    "'\\''",
    '#',
    '&;|<>()',
  ),
)

describe.each(shells)('%s', (shell) => {
  it('gives each quoted word to a program as it was', async () => {
    const words = fc.sample(nasty, { numRuns: 600, seed: 7 })
    const script = words.map((one) => `printf '%s\\000' ${quote(one)}`).join('\n')
    expect(decode(await run(shell, script))).toBe(words.map((one) => `${one}\0`).join(''))
  })

  it('prints any bytes as they were', async () => {
    const all = Uint8Array.from({ length: 70_000 }, (_, at) => (at * 31 + (at >> 8)) & 255)
    const samples = [
      all,
      ...fc.sample(fc.uint8Array({ maxLength: 300 }), { numRuns: 100, seed: 7 }),
      encode('-n'),
      encode('%d\\n'),
    ]
    const out = await run(shell, samples.map(printBytes).join('\n'))
    expect(Buffer.compare(out, Buffer.concat(samples))).toBe(0)
  })

  it('frames what sections say, whatever they say, and gives up on one that hangs', async () => {
    const every = Uint8Array.from({ length: 256 }, (_, at) => at)
    const sections: Section[] = [
      { name: 'code', seconds: 5, body: 'echo out; echo err >&2; echo "err 2" >&2; exit 3' },
      {
        name: 'hangs',
        seconds: 1,
        body: 'echo began; mkfifo /tmp/never; (trap "" TERM; sleep 4242 | cat; cat /tmp/never); echo ended',
      },
      {
        name: 'bytes',
        seconds: 5,
        body: `${printBytes(every)}\nwm_piece more\nprintf '\\n\\ncafe B 0\\n'; wm_piece "last one"`,
      },
      { name: 'stdin', seconds: 5, body: 'cat; read -r x || echo nothing to read' },
      acting({ name: 'acts', seconds: 5, body: 'sleep 0.1 & trap; false' }),
      { name: 'background', seconds: 5, body: 'sleep 4243 >/dev/null 2>&1 & echo "$PATH $LC_ALL"; umask' },
    ]
    const nonce = 'f00d'.repeat(8)
    const began = Date.now()
    const answer = parseScriptAnswer(
      nonce,
      sections,
      await run(shell, `${buildScript(nonce, sections)}echo after the end\n`),
    )
    expect(Date.now() - began).toBeLessThan(60_000)
    expect(answer.complete).toBe(true)
    const [code, hangs, data, stdin, acts, background] = answer.sections
    expect(code).toMatchObject({ kind: 'done', code: 3, stderr: 'err\nerr 2' })
    expect(hangs).toMatchObject({ kind: 'late', seconds: 1 })
    expect(data?.kind === 'done' ? data.pieces.map(({ name }) => name) : data).toEqual([
      '',
      'more',
      'last one',
    ])
    expect(data?.kind === 'done' ? Buffer.from(data.pieces[0]?.bytes ?? []) : null).toEqual(
      Buffer.from(every),
    )
    expect(data?.kind === 'done' ? decode(data.pieces[1]?.bytes ?? new Uint8Array()) : null).toBe(
      '\n\ncafe B 0\n',
    )
    expect(stdin?.kind === 'done' ? decode(stdin.pieces[0]?.bytes ?? new Uint8Array()) : stdin).toBe(
      'nothing to read\n',
    )
    expect(acts).toMatchObject({ kind: 'done', code: 1 })
    const said = background?.kind === 'done' ? decode(background.pieces[0]?.bytes ?? new Uint8Array()) : ''
    expect(said).toMatch(/^\/usr\/sbin:\/usr\/bin:[^ ]* C\n0?077\n$/)
    // What hung is ended with its children; what was meant to stay, stays.
    expect(await host.must('rm -f /tmp/never; pgrep -fc "^sleep 4242" || true')).toBe('0\n')
    expect(await host.must('pkill -c -f "^sleep 4243"')).toBe('1\n')
  })

  it('runs nothing of a script that is cut, wherever', async () => {
    const script = buildScript('cafe', [
      { name: 'x', seconds: 5, body: 'echo ran >>/tmp/ran\necho ran >>/tmp/ran' },
    ])
    const cuts = [...Array(40).keys()].map((at) => Math.floor(((at + 1) * (script.length - 2)) / 41))
    await host.must('rm -f /tmp/ran')
    for (const cut of cuts) await host.sh(`${shell} -s >/dev/null 2>&1`, { input: script.slice(0, cut) })
    expect(await host.must('ls /tmp/ran 2>/dev/null || echo none')).toBe('none\n')
    await host.must(`${shell} -s >/dev/null`, { input: script })
    expect(await host.must('cat /tmp/ran; rm /tmp/ran')).toBe('ran\nran\n')
  })
})
