import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { XinetdService } from '../../../shared/model/superserver'
import { toSystemd } from '../../../shared/model/superserver/convert'
import { ensureBase } from '../../lab/base/build'
import { openLab } from '../../lab/lab'
import { run } from '../../lab/run'
import { namesIn } from '../xinetd-judge/judge'
import { ask, move } from './move'
import { resolved } from './services'

const context = { version: 252, taken: [] }

describe('what was converted for systemd', () => {
  let base = ''
  let services: readonly XinetdService[] = []

  beforeAll(async () => {
    base = (await ensureBase((line) => console.log(line))).root
    services = resolved(namesIn(base))
  })

  it('is what systemd-analyze takes without a word', async () => {
    const converted = services.map((service) => ({ service, ...toSystemd(service, context) }))
    const folder = mkdtempSync(join(tmpdir(), 'wharfmaster-units-'))
    try {
      const units = converted.flatMap((one) => one.units)
      mkdirSync(join(folder, 'units'))
      for (const { name, text } of units) writeFileSync(join(folder, 'units', name), text)
      // A template is verified as an instance of it.
      const files = units.map(({ name }) => `/mnt/units/${name.replace('@.service', '@1.service')}`)
      const script = `mount --make-rprivate / && mount -t proc proc "$1/proc" && mount -t tmpfs tmpfs "$1/run" &&
        mount --bind "$2" "$1/mnt" && base=$1 && shift 2 && exec chroot "$base" systemd-analyze verify --man=no "$@" 2>&1`
      const argv = [
        'unshare',
        '--mount',
        '--pid',
        '--fork',
        '--kill-child',
        'sh',
        '-c',
        script,
        'sh',
        base,
        folder,
      ]
      const { code, stdout } = await run([...argv, ...files] as [string, ...string[]], {
        input: '',
        timeoutMs: 60_000,
      })
      // nobody is a user like any other to xinetd.
      const said = stdout
        .toString()
        .split('\n')
        .filter((line) => !/^$|Special user nobody configured/.test(line))
      expect({ code, said }).toEqual({ code: 0, said: [] })
      expect(units.length).toBeGreaterThan(80)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
    const left = converted.filter(({ units }) => units.length === 0)
    expect(left.map(({ service, lost }) => `${service.id}: ${lost[0]?.why ?? ''}`)).toEqual([
      'nobodyIn: nobodyIn',
      'echo: internal',
      'sensor: sensor',
      'redirect: redirect',
      'mux: tcpmux',
      'byName: boundToName',
    ])
  }, 90_000)

  it('answers with the bytes with which xinetd did, below a real systemd', async () => {
    const lab = await openLab()
    try {
      await move(lab, 'systemd', asks, 9)
    } finally {
      await lab.close()
    }
  }, 120_000)
})

const asks = [
  ask('plain', '127.0.0.1'),
  ask('plain', '::1'),
  ask('ipv4', '127.0.0.1'),
  ask('ipv4', '::1'),
  ask('named', '127.0.0.1'),
  ask('waiting', '127.0.0.1'),
  ask('waiting', '::1'),
  ask('datagram', '127.0.0.1'),
  ask('limited', '127.0.0.1'),
  ask('bound', '127.0.0.2'),
  ask('bound', '127.0.0.1'),
]
