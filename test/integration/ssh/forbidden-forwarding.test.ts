import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openLab } from '../../lab/lab'
import type { Lab } from '../../lab/lab'
import { closeTransports, emptyHome, hopTo, open, problemOf, untilState, value } from './harness'

/** Hosts with AllowTcpForwarding no, each with a PATH of the tools that a test wants it to have. */
const hosts = {
  'has-nc': ['nc', 'socat', 'bash'],
  'has-socat': ['socat', 'bash'],
  'has-bash': ['bash'],
  'has-none': [],
}
type Name = keyof typeof hosts

let lab: Lab
beforeAll(async () => {
  lab = await openLab()
  await Promise.all(
    Object.entries(hosts).map(([name, tools]) =>
      lab.host({
        name,
        sshd: { AllowTcpForwarding: 'no', SetEnv: 'PATH=/opt/tools' },
        run: `mkdir -p /opt/tools; for tool in cat ${tools.join(' ')}; do ln -s "$(command -v $tool)" /opt/tools/$tool; done`,
      }),
    ),
  )
})
afterAll(() => lab.close())
afterEach(closeTransports)

const bounds = { maxBytes: 1_000_000, timeoutMs: 20_000 }
const hop = (name: Name, user = 'admin') =>
  hopTo(22, [{ kind: 'key', path: lab.keys.ed25519 }], { address: lab.find(name).address, user, name })

describe.each([
  ['has-nc', 'nc', 'admin'],
  ['has-socat', 'socat', 'csh'],
  ['has-bash', 'bash', 'fish'],
  ['has-nc', 'nc', 'noisy'],
  ['has-bash', 'bash', 'noisy'],
] as const)('%s, by %s, as %s', (name, helper, user) => {
  test('forwards, serves as a jump host with bytes both ways, and a note says so', async () => {
    const transport = open([hop(name, user)], { env: await emptyHome() })
    const channel = value(await transport.forward('127.0.0.1', 22))
    const banner = await new Promise((resolve) =>
      channel.stream.once('data', (chunk: Buffer) => resolve(chunk.toString())),
    )
    expect(banner).toMatch(/^SSH-2\.0-OpenSSH/)
    channel.close()
    const { state } = transport
    const note = { code: 'forwardingByHelper', params: { helper } }
    expect(state.kind === 'up' ? state.notes : []).toContainEqual(note)

    const through = open([hop(name, user), { ...hop(name), name: 'inner' }], { env: await emptyHome() })
    expect((await untilState(through, 'up')).notes).toContainEqual(note)
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 256))
    const echoed = value(await through.exec('cat', { ...bounds, stdin: bytes }))
    expect(Buffer.from(echoed.stdout).equals(bytes)).toBe(true)
  })
})

test('a host that has nothing of the kind is told of, and a name cannot be a command', async () => {
  const transport = open([hop('has-none')], { env: await emptyHome() })
  const target = ['127.0.0.1', "x'; touch /tmp/owned; '", '$(reboot)', '-e/bin/sh', 'a b', '']
  for (const host of target) {
    expect(await transport.forward(host, 22)).toMatchObject({
      ok: false,
      problem: { code: 'ssh.forwardForbidden' },
    })
  }
  const problem = await problemOf(
    [
      { ...hop('has-none'), name: 'gate' },
      { ...hop('has-nc'), name: 'inner' },
    ],
    {
      env: await emptyHome(),
    },
  )
  expect(problem).toMatchObject({ code: 'ssh.jumpForbidden', host: 'inner', params: { jump: 'gate' } })
})
