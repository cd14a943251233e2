import { request } from 'node:http'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { practice } from '../lab/practice/practice'
import { realServerPort } from '../lab/practice/pool'

/** That the hosts which all other tests share are what they are said to be. */
const { host, shop, news, lab } = practice()

/** A client's request, each on a connection of its own. */
function get(address: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: address, port: 80, agent: false, timeout: 5000 }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => {
        body += part
      })
      response.on('end', () => {
        resolve(body.trim())
      })
    })
    asked.on('timeout', () => asked.destroy(new Error(`${address} did not answer`)))
    asked.on('error', reject)
    asked.end()
  })
}

/** All that a TCP service sends before it closes. */
function read(address: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port })
    let text = ''
    socket.setEncoding('utf8')
    socket.setTimeout(5000, () => socket.destroy(new Error(`port ${String(port)} sent nothing`)))
    socket.on('data', (part: string) => {
      text += part
    })
    socket.on('end', () => {
      socket.destroy()
      resolve(text)
    })
    socket.on('error', reject)
  })
}

test("the director's own kernel balances requests over both real servers", async () => {
  const answers = await Promise.all([get(shop), get(shop), get(shop), get(shop)])
  expect(answers.sort()).toEqual(['web1', 'web1', 'web2', 'web2'])
  expect(await get(news)).toBe('web1')
  // From another host, and not from this machine alone.
  const seen = await host('harbor').must(`for i in 1 2; do curl -s -m 5 http://${shop}/; done`)
  expect(seen.trim().split('\n').sort()).toEqual(['web1', 'web2'])
})

test("ipvsadm takes a virtual service and a real server, and the kernel's table is what it says", async () => {
  const director = host('director')
  const web2 = host('web2').address
  const service = `${lab.virtualAddress(9)}:80`
  try {
    await director.must(`ip addr add ${lab.virtualAddress(9)}/32 dev vec0; ipvsadm -A -t ${service} -s rr`)
    await director.must(`ipvsadm -a -t ${service} -r ${web2}:${String(realServerPort)} -m -w 3`)
    expect(await director.must('ipvsadm -Sn')).toContain(
      `-a -t ${service} -r ${web2}:${String(realServerPort)} -m -w 3`,
    )
    expect(await get(lab.virtualAddress(9))).toBe('web2')
  } finally {
    await director.must(`ipvsadm -D -t ${service}; ip addr del ${lab.virtualAddress(9)}/32 dev vec0`)
  }
})

test('a real server reached by direct routing answers from the virtual address', async () => {
  const director = host('director')
  const real = host('jump1')
  const virtual = lab.virtualAddress(10)
  const service = `${virtual}:80`
  try {
    // Order matters: the real server must not answer ARP for the address once it has it.
    await real.must(
      `sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
      ip addr add ${virtual}/32 dev lo; systemctl start real-server@80`,
    )
    await director.must(
      `ip addr add ${virtual}/32 dev vec0; ipvsadm -A -t ${service} -s rr
      ipvsadm -a -t ${service} -r ${real.address} -g`,
    )
    expect(await get(virtual)).toBe('jump1')
    expect(await director.must('ipvsadm -Ln')).toMatch(new RegExp(`${real.address}:80 +Route`))
  } finally {
    await director.must(`ipvsadm -D -t ${service}; ip addr del ${virtual}/32 dev vec0`)
    await real.must(`systemctl stop real-server@80; ip addr del ${virtual}/32 dev lo`)
  }
})

test('xinetd of harbor serves what its files say', async () => {
  const { address } = host('harbor')
  expect(await read(address, 9101)).toMatch(/load average/)
  expect(await read(address, 9102)).toBe('Crane 3 is down until Thursday. 三号吊车停用至周四。\n')
  expect(await read(address, 9113)).toMatch(/\d\d:\d\d:\d\d/)
  await expect(read(address, 9104)).rejects.toThrow(/ECONNREFUSED/)
  expect((await host('harbor').must('systemctl is-system-running --wait')).trim()).toBe('running')
})

test('TigerVNC starts for desk, and speaks RFB on loopback', async () => {
  const harbor = host('harbor')
  await harbor.must('tigervncserver :7 -geometry 640x480 -localhost yes', { user: 'desk' })
  try {
    expect(await harbor.must('nc -w 1 127.0.0.1 5907 < /dev/null | head -c 12')).toBe('RFB 003.008\n')
    await expect(read(harbor.address, 5907)).rejects.toThrow(/ECONNREFUSED/)
  } finally {
    await harbor.must('tigervncserver -kill :7', { user: 'desk' })
  }
})
