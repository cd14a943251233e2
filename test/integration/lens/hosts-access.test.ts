import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { decode, encode } from '../../../shared/codec'
import { hostsAccess } from '../../../shared/lens/hosts-access'
import { accessText } from '../../../shared/lens/hosts-access/arbitrary.test-support'
import type { Request } from '../../../shared/model/superserver/wrappers'
import { decide } from '../../../shared/model/superserver/wrappers'
import { ensureBase } from '../../lab/base/build'

/** The same sample every time; WHARFMASTER_JUDGE_CASES and WHARFMASTER_JUDGE_SEED ask for another. */
const count = Number(process.env['WHARFMASTER_JUDGE_CASES'] ?? 300)
const seed = Number(process.env['WHARFMASTER_JUDGE_SEED'] ?? 20)

type Asked = { readonly argv: readonly [daemon: string, client: string]; readonly request: Request }

const nobody = { address: 'unknown', name: 'unknown' }
const asked = (daemon: string, client: string, address: string, name: string): Asked => ({
  argv: [daemon, client],
  request: { daemon, client: { address, name }, server: nobody, port: null },
})

/** tcpdmatch(8): an address has no name, as when the lookup fails; the names are those of the hosts file below. */
const requests: readonly Asked[] = [
  asked('sshd', '10.0.0.1', '10.0.0.1', 'unknown'),
  asked('in.telnetd', '192.0.2.9', '192.0.2.9', 'unknown'),
  asked('sshd', 'www.example.org', '192.0.2.7', 'www.example.org'),
  asked('22', '2001:db8::1', '2001:db8::1', 'unknown'),
]

const hosts = '127.0.0.1 localhost\n192.0.2.7 www.example.org\n'

const byHand: readonly (readonly [allow: string, deny: string])[] = [
  ['', ''],
  ['', 'ALL: ALL\n'],
  ['', 'nobody: ALL'],
  ['sshd: ALL', 'ALL: ALL\n'],
  ['nobody: ALL\nsshd: ALL', ''],
  ['sshd: ALL :\n', ''],
  ['sshd: ALL: deny\n', ''],
  ['', 'sshd: ALL: allow\n'],
  ['# all \\\nsshd: ALL\n', 'ALL: ALL\n'],
  [' # sshd: ALL\n', 'ALL: ALL\n'],
  [`sshd: ${'10.0.0.1 '.repeat(226)}ALL\n`, 'ALL: ALL\n'],
  [`sshd: ${'10.0.0.2 '.repeat(227)}ALL\n`, 'ALL: ALL\n'],
  [`sshd: ${'10.0.0.2 \\\n'.repeat(227)}ALL\nALL: ALL\n`, 'ALL: ALL\n'],
  ['sshd: ALL EXCEPT 10. EXCEPT 10.0.0.1\n', 'ALL: ALL\n'],
  ['ALL EXCEPT sshd: ALL\n', 'ALL: ALL\n'],
  ['sshd: [2001:db8::]/32\r\nALL: 10.0.0.0/8\r\n', 'ALL: ALL\r\n'],
  ['sshd: 10.0.0.1/8\n', 'ALL: ALL\n'],
  ['sshd: ALL: severity authpriv.info\n', ''],
  ['sshd\0: ALL\n: ALL\n', 'ALL: ALL\n'],
]

const script = `
mount --bind "$2" "$1/mnt" && mount --bind "$2/hosts" "$1/etc/hosts" || exit 1
exec chroot "$1" /bin/sh -c '
  cd /mnt || exit 1
  for case in [0-9]*; do
    cd "/mnt/$case" || exit 1
    while read -r daemon client; do
      /usr/sbin/tcpdmatch -d "$daemon" "$client" 2>/dev/null
    done </mnt/requests >said
  done'`

/** Puts every pair of files before tcpdmatch out of the lab's base, without a network. */
function tcpdmatch(base: string, folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const args = ['--net', '--mount', '--propagation', 'private', 'sh', '-c', script, 'sh', base, folder]
    execFile('unshare', args, { timeout: 110_000 }, (error, _stdout, stderr) => {
      if (error === null) resolve()
      else reject(new Error(`${error.message}\n${stderr}`))
    })
  })
}

const WORDS = { granted: 'granted', refused: 'denied', delegated: 'delegated', unjudged: '' } as const

describe('the model of the TCP wrappers agrees with tcpdmatch', () => {
  const cases = [...byHand, ...fc.sample(fc.tuple(accessText, accessText), { numRuns: count, seed })]
  let said: readonly (readonly string[])[] = []

  beforeAll(async () => {
    const base = (await ensureBase((line) => console.log(line))).root
    const folder = mkdtempSync(join(tmpdir(), 'wharfmaster-wrappers-'))
    try {
      writeFileSync(join(folder, 'hosts'), hosts)
      writeFileSync(join(folder, 'requests'), requests.map(({ argv }) => `${argv.join(' ')}\n`).join(''))
      for (const [index, [allow, deny]] of cases.entries()) {
        const place = join(folder, String(index))
        mkdirSync(place)
        writeFileSync(join(place, 'hosts.allow'), encode(allow))
        writeFileSync(join(place, 'hosts.deny'), encode(deny))
      }
      await tcpdmatch(base, folder)
      said = cases.map((_, index) => {
        const output = decode(readFileSync(join(folder, String(index), 'said')))
        return [...output.matchAll(/^access: +(\S+)$/gm)].map(([, word = '']) => word)
      })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }, 180_000)

  it(`on ${cases.length} pairs of files and ${requests.length} requests each`, () => {
    let judged = 0
    for (const [index, [allow, deny]] of cases.entries()) {
      const tables = [hostsAccess.parse(allow), hostsAccess.parse(deny)] as const
      for (const [place, { argv, request }] of requests.entries()) {
        const { kind } = decide(...tables, request)
        if (kind === 'unjudged') continue
        judged += 1
        const answer = said[index]?.[place]
        expect({ allow, deny, argv, answer }).toEqual({ allow, deny, argv, answer: WORDS[kind] })
      }
    }
    // So that agreement is not for want of anything to disagree about.
    expect(judged).toBeGreaterThan(cases.length * requests.length * 0.9)
  })
})
