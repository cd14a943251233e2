import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { decode, encode } from '../../../shared/codec'
import type { ServicesDocument } from '../../../shared/lens/services'
import { isRead, serviceByName, serviceByPort, services } from '../../../shared/lens/services'
import { servicesText } from '../../../shared/lens/services/arbitrary.test-support'

/** The same sample every time; WHARFMASTER_JUDGE_CASES and WHARFMASTER_JUDGE_SEED ask for another. */
const count = Number(process.env['WHARFMASTER_JUDGE_CASES'] ?? 200)
const seed = Number(process.env['WHARFMASTER_JUDGE_SEED'] ?? 20)

const long = 'x'.repeat(5000)
const byHand: readonly string[] = [
  '',
  '\n',
  'http 80/tcp',
  '  http 80/tcp',
  '\t\thttp 80/tcp www',
  '  http 80/tcp # no',
  '  http 80/tcp \r',
  '       7',
  ' x 8\nlast 9/tcp',
  ' a 1/tcp\0\nb 2/tcp\0 alias\n\0c 3/tcp\nd\0 4/tcp\n',
  'zero 0/tcp\nhigh 65535/tcp\nover 65536/tcp\nminus -1/tcp\nminus0 -0/tcp\n',
  'octal 080/tcp\nhex 0x50/tcp\nplus +80/tcp\nsigns +-80/tcp\nfloat 8.0/tcp\n',
  'a 4294967295/tcp\nb 4294967296/tcp\nc 4294967376/tcp\nd -18446744073709551615/tcp\ne 18446744073709551616/tcp\n',
  `a ${'9'.repeat(300)}/tcp\nb ${'0'.repeat(300)}80/tcp\nc -${'9'.repeat(300)}/tcp\n`,
  'bare 80\nbare2 80 \nbare3 80#x\nbare4 80 # x\nbare5 80/\nbare6 80/ alias\nbare7 80//tcp\nbare8 80 /tcp\n',
  'bare 80\r\nbare2 80/\r\nhttp 80/tcp www\r\n# c\r\n\r\n',
  '/tcp\nname /tcp\nname\nname#80/tcp\nname 80/tcp#alias\n#name 80/tcp\n  # name 80/tcp\n',
  'a\v80/tcp\fb\rc\n\v\f\r a 81/tcp\n\ra 82/tcp\r\r\n',
  'self 80/tcp self self\nwww 81/tcp self\nself 82/udp\nother 80/udp www\n',
  'größe 85/tcp é\n\udcff\udc80 86/tcp \udcfe\na\u00a0b 87/tcp c\u2003d\n\ufeffbom 88/tcp\n',
  `${long} 80/tcp\nlong 81/tcp ${'a '.repeat(4000)}\n# ${long}\nb 82/${long} c # ${long}\n  ${long} 83/tcp`,
  `a 1/tcp${' '.repeat(3000)}b\n${' '.repeat(3000)}c 2/tcp\n${' '.repeat(3000)}d 3/tcp`,
  'http 80/tcp www\nhttp 80/tcp www\n80 82/tcp 443\nHTTP 83/TCP\n',
]

const script = `
cd "$1" || exit 1
for file in *.services; do
  mount --bind "$file" /etc/services || exit 1
  getent -s files services >"$file.all" || [ $? -le 2 ] || exit 1
  xargs -0 -a "$file.keys" getent -s files services -- >"$file.found" || [ $? -eq 123 ] || exit 1
  umount /etc/services || exit 1
done`

/** Puts every text in the place of /etc/services, one after another, where nobody else sees it. */
function getent(folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' }
    const args = ['--mount', '--propagation', 'private', 'sh', '-c', script, 'sh', folder]
    execFile('unshare', args, { env, timeout: 50_000 }, (error, _stdout, stderr) => {
      if (error === null) resolve()
      else reject(new Error(`${error.message}\n${stderr}`))
    })
  })
}

/** As getent prints a service (nss/getent.c, print_services): the name is padded by bytes. */
function printed({ nodes }: ServicesDocument, at: number): string {
  const node = nodes[at]
  if (!isRead(node)) return ''
  const pad = ' '.repeat(Math.max(0, 21 - encode(node.name).length))
  const aliases = node.aliases.map((alias) => ` ${alias}`).join('')
  return `${node.name}${pad} ${node.port}/${node.protocol}${aliases}\n`
}

type Key = { readonly text: string; readonly at: number | null }

/** What is asked of every case: each name and port that stands there, with and without a protocol. */
function keysOf(document: ServicesDocument): readonly Key[] {
  const keys = document.nodes.filter(isRead).flatMap(({ name, port, protocol, aliases }) => [
    // getent takes digits for a port, and what follows a slash for the protocol.
    ...[name, ...aliases]
      .filter((word) => !/^[0-9]/.test(word) && !word.includes('/'))
      .slice(0, 4)
      .flatMap((word) => [
        { text: word, at: serviceByName(document, word) },
        { text: `${word}/${protocol}`, at: serviceByName(document, word, protocol) },
        { text: `${word}/udp`, at: serviceByName(document, word, 'udp') },
      ]),
    { text: String(port), at: serviceByPort(document, port) },
    { text: `${port}/${protocol}`, at: serviceByPort(document, port, protocol) },
    { text: `${port}/udp`, at: serviceByPort(document, port, 'udp') },
  ])
  return [...keys, { text: 'nobody-has-this', at: null }]
}

describe('the services lens agrees with getent', () => {
  const texts = [...byHand, ...fc.sample(servicesText, { numRuns: count, seed })]
  const documents = texts.map(services.parse)
  let answers: readonly { readonly all: string; readonly found: string }[] = []

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wharfmaster-services-'))
    try {
      const path = (index: number, suffix = '') => join(folder, `${index}.services${suffix}`)
      for (const [index, document] of documents.entries()) {
        writeFileSync(path(index), encode(services.print(document)))
        const keys = keysOf(document).map(({ text }) => `${text}\0`)
        writeFileSync(path(index, '.keys'), encode(keys.join('')))
      }
      await getent(folder)
      const read = (file: string) => decode(readFileSync(file))
      answers = texts.map((_, index) => ({
        all: read(path(index, '.all')),
        found: read(path(index, '.found')),
      }))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it(`on what ${texts.length} files hold`, () => {
    for (const [index, document] of documents.entries()) {
      const expected = document.nodes.map((_, at) => printed(document, at)).join('')
      expect({ text: texts[index], all: answers[index]?.all }).toEqual({ text: texts[index], all: expected })
    }
  })

  it('on which line a name and a port find', () => {
    for (const [index, document] of documents.entries()) {
      const expected = keysOf(document)
        .map(({ at }) => (at === null ? '' : printed(document, at)))
        .join('')
      expect({ text: texts[index], found: answers[index]?.found }).toEqual({
        text: texts[index],
        found: expected,
      })
    }
  })
})
