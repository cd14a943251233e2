import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { decode } from '../../../shared/codec'
import type { HostNames } from '../../../shared/model/superserver'
import { disturb, resolve } from '../../../shared/model/superserver'
import { parseXinetdDump } from '../../../shared/probe/xinetd-dump'
import { ensureBase } from '../../lab/base/build'
import { configurationOf, namesIn } from './judge'

const script = fileURLToPath(new URL('reload.sh', import.meta.url))

const service = (name: string, port: number, ...lines: readonly string[]): string =>
  [
    `service ${name}`,
    '{',
    '\ttype = UNLISTED',
    '\tsocket_type = stream',
    '\tprotocol = tcp',
    '\tuser = root',
    '\tserver = /bin/cat',
    `\tport = ${port}`,
    ...(lines.some((line) => line.startsWith('wait')) ? [] : ['\twait = no']),
    ...lines.map((line) => `\t${line}`),
    '}',
    '',
  ].join('\n')

const a = (...lines: readonly string[]) => service('a', 7001, ...lines)
const b = (...lines: readonly string[]) => service('b', 7002, ...lines)

type Reload = {
  readonly name: string
  readonly before: string
  readonly after: string
  /** Ports on which a session is open. */
  readonly ports: readonly number[]
  /** As it is started. */
  readonly options: readonly string[]
}

const reload = (
  name: string,
  before: string,
  after: string,
  ports: readonly number[] = [7001, 7002],
  options: readonly string[] = ['-dontfork', '-stayalive'],
): Reload => ({ name, before, after, ports, options })

const reloads: readonly Reload[] = [
  reload('nothing', a() + b(), a() + b()),
  reload('another comment', a() + b(), `# new\n${a()}${b()}`),
  reload('nice', a() + b(), a('nice = 5') + b()),
  reload('instances below what is open', a() + b(), a('instances = 0') + b()),
  reload('access taken away', a() + b(), a('only_from = 10.9.9.9', 'no_access = 127.0.0.1') + b()),
  reload('access_times', a() + b(), a('access_times = 00:00-00:01') + b()),
  reload('another server', a() + b(), a().replace('/bin/cat', '/bin/sleep') + b()),
  reload('another user', a() + b(), a().replace('user = root', 'user = nobody') + b()),
  reload('another port', a() + b(), service('a', 7003) + b()),
  reload('bound to an address', a() + b(), a('bind = 127.0.0.1') + b()),
  reload('bound to another address', a('bind = 127.0.0.1') + b(), a('bind = 127.0.0.2') + b()),
  reload('bound no more', a('bind = 127.0.0.1') + b(), a() + b()),
  reload('another family', a() + b(), a('flags = IPv4') + b()),
  reload('disabled', a() + b(), a('disable = yes') + b()),
  reload('taken out', a() + b(), b()),
  reload('another id', a() + b(), a('id = other') + b()),
  reload('another name, the same id', a('id = same') + b(), service('c', 7001, 'id = same') + b()),
  reload('a bad value', a() + b(), a('nice = x') + b()),
  reload('a new one', b(), a() + b(), [7002]),
  reload('redirected', a() + b(), a('redirect = 127.0.0.1 7002') + b()),
  reload('all disabled', a() + b(), a('disable = yes') + b('disable = yes')),
  reload(
    'all disabled, in the background',
    a() + b(),
    a('disable = yes') + b('disable = yes'),
    [7001, 7002],
    [],
  ),
  reload(
    'all disabled, in the background and told to stay',
    a() + b(),
    a('disable = yes') + b('disable = yes'),
    [7001, 7002],
    ['-stayalive'],
  ),
  reload(
    'all disabled, in the foreground',
    a() + b(),
    a('disable = yes') + b('disable = yes'),
    [7001, 7002],
    ['-dontfork'],
  ),
  reload(
    'bound no more, to the same family',
    a('bind = 127.0.0.1', 'flags = IPv4') + b(),
    a('flags = IPv4') + b(),
  ),
  reload('a last one left', a() + b(), a('disable = yes') + b(), [7001, 7002], []),
  reload('a bad value in defaults', a() + b(), `defaults\n{\n\tinstances = x\n}\n${a()}${b()}`),
]

describe('what a reload does to live sessions agrees with xinetd', () => {
  let base = ''
  let names: HostNames
  let folder = ''

  beforeAll(async () => {
    base = (await ensureBase((line) => console.log(line))).root
    names = namesIn(base)
    folder = mkdtempSync(join(tmpdir(), 'wharfmaster-reload-'))
    for (const [index, one] of reloads.entries()) {
      const here = join(folder, String(index))
      mkdirSync(here)
      writeFileSync(join(here, 'xinetd.conf'), one.before)
      writeFileSync(join(here, 'next.conf'), one.after)
      writeFileSync(join(here, 'ports'), one.ports.join('\n'))
      writeFileSync(join(here, 'options'), one.options.join(' '))
    }
    execFileSync(
      'unshare',
      ['--net', '--mount', '--pid', '--fork', '--kill-child', 'bash', script, base, folder],
      {
        timeout: 110_000,
      },
    )
    return () => {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  const dumpOf = (index: number, which: string) => {
    const path = join(folder, String(index), which)
    return existsSync(path) ? parseXinetdDump(decode(readFileSync(path))) : null
  }

  it.each(reloads.map((one, index) => ({ ...one, index })))(
    '$name',
    ({ index, before, after, ports, options }) => {
      const configuration = (text: string) =>
        resolve(configurationOf({ name: '', files: { 'xinetd.conf': text } }, index, names))
      const old = dumpOf(index, 'before')
      const next = dumpOf(index, 'after')
      if (old === null) throw new Error('no dump before the reload')
      expect(old.servers).toHaveLength(ports.length)

      const daemon = { pid: 1, startTime: '1', argv: ['/usr/sbin/xinetd', ...options], pidfile: null }
      const disturbs = disturb({ daemon, dump: old }, configuration(before), configuration(after))
      const said = (key: string) =>
        disturbs
          .filter(({ what }) => what.key === `xinetd.disturb.${key}`)
          .map(({ subject }) => subject)
          .sort()

      const gone = readFileSync(join(folder, String(index), 'end'), 'utf8').trim() === 'gone'
      expect(said('daemonExits')).toEqual(gone ? ['xinetd'] : [])
      if (next === null) return
      const ids = (dump: typeof old) => new Set(dump.services.map(({ id }) => id))
      const missing = [...ids(old)].filter((id) => !ids(next).has(id)).sort()
      const fresh = [...ids(next)].filter((id) => !ids(old).has(id)).sort()
      // Another id on the same port: one that goes and one that comes, told as one that is made anew.
      const renamed = said('madeAnew').filter((id) => missing.includes(id))
      expect([...said('dropped'), ...renamed].sort()).toEqual(missing)
      expect(fresh).toEqual(expect.arrayContaining(said('started')))
      expect(said('started').length + renamed.length).toBe(fresh.length)

      const alive = new Set(next.servers.map(({ pid }) => pid))
      const ended = old.servers.filter(({ pid }) => !alive.has(pid)).map(({ pid }) => pid)
      const foretold = disturbs
        .filter(({ degree }) => degree !== 'notice')
        .flatMap(({ sessions }) => sessions.map(({ pid }) => pid))
      expect(foretold.sort()).toEqual(ended.sort())
    },
  )
})
