import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { streamWindowBytes } from '../../shared/contract/stream'
import { vncPassword } from '../lab/accounts'
import type { Host } from '../lab/host'
import { openLab, type Lab } from '../lab/lab'
import { Viewer } from './desktop-viewer'
import { signIn, type Client } from './host/client'

/**
 * The way to a display and the handshake at its end, against Xvnc itself in each of its security types, on a host
 * whose SSH server forwards and on one whose does not.
 */
let lab: Lab
let open: Host
let closed: Host
let desk: Client
let fenced: Client

const password = '-rfbauth ~/.vnc/passwd'
/** By display. A certificate as vncserver makes it; the viewer asks SSH which host this is, not the certificate. */
const servers: Readonly<Record<number, string>> = {
  61: '-SecurityTypes None -localhost',
  62: `-SecurityTypes VncAuth -localhost ${password}`,
  63: `-SecurityTypes VncAuth Protocol3.3=1 -localhost ${password}`,
  64: `-SecurityTypes X509Vnc -localhost -X509Cert /etc/xvnc-cert.pem -X509Key /etc/xvnc-key.pem ${password}`,
  65: `-SecurityTypes TLSVnc -localhost ${password}`,
  66: '-SecurityTypes None -rfbport -1 -rfbunixpath /home/desk/it\\ is.sock',
  67: `-SecurityTypes TLSVnc,VncAuth -localhost ${password}`,
  68: '-SecurityTypes Plain -PlainUsers desk -PAMService login -localhost',
}
const pem = (name: string) =>
  readFileSync(join(import.meta.dirname, '../fixtures/desktop', `xvnc-${name}.pem`), 'utf8')
const files = { '/etc/xvnc-cert.pem': pem('cert'), '/etc/xvnc-key.pem': pem('key') }
const start = `
${Object.entries(servers)
  .map(
    ([number, words]) =>
      `setsid Xvnc :${number} -geometry 320x240 ${words} >~/x${number}.log 2>&1 </dev/null &`,
  )
  .join('\n')}
for n in ${Object.keys(servers).join(' ')}; do
  i=0; while [ ! -S /tmp/.X11-unix/X$n ] && [ $i -lt 100 ]; do i=$((i + 1)); sleep 0.1; done
done`

beforeAll(async () => {
  lab = await openLab({ instance: `desktops-${process.pid}` })
  const forbidden = { AllowTcpForwarding: 'no', AllowStreamLocalForwarding: 'no' }
  ;[open, closed] = await Promise.all([
    lab.host({ name: 'quay', files }),
    lab.host({ name: 'fence', files, sshd: forbidden }),
  ])
  await Promise.all([open.must(start, { user: 'desk' }), closed.must(start, { user: 'desk' })])
  ;[desk, fenced] = await Promise.all([signIn(open, 'desk'), signIn(closed, 'desk')])
})
afterAll(async () => {
  await desk.end()
  await fenced.end()
  await lab.close()
})

async function size(client: Client, display: number): Promise<readonly number[]> {
  const viewer = new Viewer(client, display)
  const { width, height } = await viewer.picture()
  viewer.close()
  return [width, height]
}

describe('security types', () => {
  test.each([
    ['None', 61],
    ['VncAuth', 62],
    ['VncAuth by RFB 3.3', 63],
    ['X509Vnc, TLS ended here', 64],
    ['None on a Unix socket with a blank in its name', 66],
    ['VncAuth where TLSVnc is offered first', 67],
  ])('%s', async (_name, display) => {
    expect(await size(desk, display)).toEqual([320, 240])
  })

  test('Plain asks for a user and a password', async () => {
    desk.answerWith('desk-password')
    expect(await size(desk, 68)).toEqual([320, 240])
    expect(desk.questions.at(-1)).toMatchObject({
      purpose: 'vnc',
      prompts: [{ echo: true }, { echo: false }],
    })
  })

  test('TLSVnc alone is named: its TLS has no certificate, which the runtime does not speak', async () => {
    expect(await new Viewer(desk, 65).settled()).toMatchObject({
      code: 'desktop.securityUnsupported',
      host: 'quay',
      params: { display: 65, types: 'TLSVnc' },
    })
  })
})

describe('an SSH server that forbids forwarding', () => {
  test('is gone around by nc, for a port and for a socket', async () => {
    expect(await size(fenced, 62)).toEqual([320, 240])
    expect(await size(fenced, 66)).toEqual([320, 240])
    const left = () => closed.must('pgrep -u desk -x -a nc || true')
    await expect.poll(left, { timeout: 5000, message: 'gone with its viewer' }).toBe('')
  })

  test('is gone around by socat, and by bash', async () => {
    await closed.must('for f in $(readlink -f /usr/bin/nc); do mv $f $f.away; done')
    expect(await size(fenced, 62)).toEqual([320, 240])
    expect(await size(fenced, 66)).toEqual([320, 240])
    await closed.must('mv /usr/bin/socat /usr/bin/socat.away')
    try {
      expect(await size(fenced, 62)).toEqual([320, 240])
      expect(await new Viewer(fenced, 66).settled()).toMatchObject({
        code: 'ssh.forwardFailed',
        params: { host: '/home/desk/it is.sock' },
      })
    } finally {
      await closed.must(
        'mv /usr/bin/socat.away /usr/bin/socat; for f in /bin/*.away /usr/bin/*.away; do [ -e "$f" ] && mv "$f" "${f%.away}"; done; true',
      )
    }
  })
})

describe('the stream', () => {
  test('holds the server back when the viewer does not draw', async () => {
    const viewer = new Viewer(desk, 61)
    await viewer.shakeHands()
    viewer.generous = false
    const before = viewer.received
    viewer.write(2, 0, 0, 1, 0, 0, 0, 0)
    // A whole picture has 300 KB; the server sends one for several wishes that it finds together.
    await expect
      .poll(
        () => {
          viewer.write(3, 0, 0, 0, 0, 0, 1, 64, 0, 240)
          return viewer.received
        },
        { timeout: 10_000 },
      )
      .toBeGreaterThan(900_000)
    for (let at = 0; at < 50; at++) viewer.write(3, 0, 0, 0, 0, 0, 1, 64, 0, 240)
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(viewer.received - before).toBeLessThanOrEqual(streamWindowBytes)
    viewer.close()
  })

  test('tells that the connection was lost, and a new one shows the same display', async () => {
    const viewer = new Viewer(desk, 61)
    await viewer.picture()
    await open.must('pkill -KILL -u desk sshd')
    expect(await viewer.end()).toMatchObject({ code: 'ssh.lost' })
    await expect.poll(() => desk.status().state.kind, { timeout: 20_000 }).toBe('up')
    expect(await size(desk, 61)).toEqual([320, 240])
  })
})

describe('a host that is read-only', () => {
  const typed = (name: string) => `touch /home/desk/${name}\n`
  const there = async (name: string) => (await open.sh(`ls /home/desk/${name}`)).code === 0
  const readOnly = (on: boolean) => desk.ask['profile.save']({ profile: { ...desk.profile, readOnly: on } })
  const size = async () =>
    (await open.must('DISPLAY=:61 xrandr --current | head -n 1', { user: 'desk' })).match(
      /current [^,]*/,
    )?.[0]

  test('is shown, and does nothing of what a viewer sends that does not keep to looking', async () => {
    await open.must('DISPLAY=:61 setsid xterm -geometry 60x20+0+0 -e sh >/dev/null 2>&1 </dev/null &', {
      user: 'desk',
    })
    try {
      const viewer = new Viewer(desk, 61)
      await viewer.picture()
      viewer.click(100, 100)
      // As a measure: the same without it arrives.
      await expect
        .poll(async () => {
          viewer.type(typed('free'))
          return there('free')
        })
        .toBe(true)
      expect(await readOnly(true)).toMatchObject({ ok: true })
      await expect.poll(() => desk.status().readOnly).toBe(true)
      viewer.type(typed('held'))
      viewer.write(251, 0, 1, 224, 1, 64, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 224, 1, 64, 0, 0, 0, 0)
      for (const down of [1, 0]) viewer.write(255, 0, 0, down, 0, 0, 0, 0x61, 0, 0, 0, 0x1e)
      viewer.write(6, 0, 0, 0, 0, 0, 0, 4, ...Buffer.from('held'))
      const other = new Viewer(desk, 61)
      const { width, height, pixels } = await other.picture()
      expect([width, height, pixels.length]).toEqual([320, 240, 320 * 240])
      other.type(typed('held'))
      await new Promise((resolve) => setTimeout(resolve, 700))
      expect(await there('held')).toBe(false)
      expect(await size()).toBe('current 320 x 240')
      expect(await readOnly(false)).toMatchObject({ ok: true })
      viewer.type(typed('free-again'))
      await expect.poll(() => there('free-again')).toBe(true)
      expect(await there('held')).toBe(false)
      // A stream that is no viewer's is ended.
      await readOnly(true)
      viewer.write(77, 0, 0, 0)
      expect(await viewer.end()).toMatchObject({ code: 'app.invalidRequest' })
      other.close()
    } finally {
      await readOnly(false)
      await open.must('pkill -u desk xterm; rm -f /home/desk/free* /home/desk/held')
    }
  })
})

test('secrets stay where they are needed', () => {
  const told = JSON.stringify([desk.events, desk.logged, fenced.events, fenced.logged])
  expect(told).not.toContain(vncPassword)
})
