import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { methods, type Answer, type ChangeOutcome } from '../../../shared/contract'
import type { Host } from '../../lab/host'
import { openLab, type Lab } from '../../lab/lab'
import { signIn, type Client } from '../host/client'

/** Entries of a real inetd become services of a real xinetd, on the same ports, and go back. */
const path = '/etc/inetd.conf'
const program = '/opt/openbsd-inetd/usr/sbin/inetd'
const file = `# 旧的条目
9311	stream	tcp	nowait	nobody	/bin/echo	echo first
9312	stream	tcp	nowait	nobody	/usr/sbin/tcpd	/bin/echo wrapped
9313	stream	tcp	nowait	nobody	/bin/echo	echo stays
`
const line = (number: number) => ({ path, line: number, text: file.split('\n')[number - 1] ?? '' })
const both = [line(2), line(3)]

let lab: Lab
let host: Host
let client: Client
beforeAll(async () => {
  lab = await openLab()
  host = await lab.host({
    name: 'old-quay',
    units: ['xinetd.service'],
    files: {
      [path]: file,
      '/etc/systemd/system/inetd.service': `[Unit]\nStartLimitIntervalSec=0\n[Service]\nExecStart=${program} -i\n`,
    },
    run: `ln -s ${program} /usr/sbin/inetd; systemctl daemon-reload; systemctl start inetd`,
  })
  client = await signIn(host, 'admin')
})
afterAll(async () => {
  await client.end()
  await lab.close()
})
beforeEach(async () => {
  await host.writeFile(path, file)
  await host.must('grep -l inetd.conf /etc/xinetd.d/* | xargs -r rm; systemctl restart xinetd inetd')
  await expect.poll(() => answerOf(9313), { timeout: 10_000 }).toBe('stays\n')
})

const value = <T>(answer: Answer<T>): T => {
  if (!answer.ok) throw new Error(JSON.stringify(answer.problem))
  return answer.value
}
async function change(intent: object): Promise<ChangeOutcome & { readonly id: string }> {
  const wish = { capability: 'superserver', ...intent }
  const params = methods['change.plan'].params.parse({ host: client.host, intent: wish })
  const { id, digest } = value(await client.ask['change.plan'](params))
  return { ...value(await client.ask['change.apply']({ id, digest })), id }
}
function answerOf(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: host.address, port })
    let said = ''
    socket.setTimeout(5000, () => socket.destroy(new Error('silent')))
    socket.on('data', (chunk) => (said += chunk.toString()))
    socket.on('close', () => resolve(said))
    socket.on('error', (error) => (said = 'code' in error ? String(error.code) : error.message))
  })
}
const holder = async (port: number) =>
  /"([^"]+)"/.exec(await host.must(`ss -Hltnp 'sport = :${port}'`))?.[1] ?? 'nobody'
const text = async () => (await host.readFile(path)).toString()

describe('entries of inetd.conf', () => {
  it('are served by xinetd on the same ports, with the same answers, and go back by undo', async () => {
    const made = await change({ kind: 'convertEntries', entries: both })
    expect(made).toMatchObject({ kind: 'proved' })
    expect(await Promise.all([9311, 9312, 9313].map(holder))).toEqual(['xinetd', 'xinetd', 'inetd'])
    expect(await Promise.all([9311, 9312, 9313].map(answerOf))).toEqual(['first\n', 'wrapped\n', 'stays\n'])
    expect(await text()).toBe(file.replace('\n9311', '\n#9311').replace('\n9312', '\n#9312'))

    const undo = value(await client.ask['history.undo']({ id: made.id }))
    expect(value(await client.ask['change.apply']({ id: undo.id, digest: undo.digest }))).toMatchObject({
      kind: 'proved',
    })
    expect(await Promise.all([9311, 9312, 9313].map(holder))).toEqual(['inetd', 'inetd', 'inetd'])
    expect(await answerOf(9311)).toBe('first\n')
    expect(await text()).toBe(file)
    expect(await host.must('grep -l inetd.conf /etc/xinetd.d/* || true')).toBe('')
  })

  it('go back by themselves when the port is not held by whom it should be', async () => {
    // xinetd stands still: it never takes them.
    const pid = (await host.must('pidof xinetd')).trim()
    const params = methods['change.plan'].params.parse({
      host: client.host,
      intent: { capability: 'superserver', kind: 'convertEntries', entries: both },
    })
    const { id, digest } = value(await client.ask['change.plan'](params))
    await host.must(`kill -STOP ${pid}`)
    const applying = Promise.resolve(client.ask['change.apply']({ id, digest }))
    await expect.poll(text, { timeout: 20_000 }).not.toBe(file)
    await expect.poll(text, { timeout: 40_000 }).toBe(file)
    await host.must(`kill -CONT ${pid}`)
    expect(value(await applying).kind).not.toBe('proved')
    await expect
      .poll(() => Promise.all([9311, 9312, 9313].map(answerOf)), { timeout: 20_000 })
      .toEqual(['first\n', 'wrapped\n', 'stays\n'])
    expect(await Promise.all([9311, 9312, 9313].map(holder))).toEqual(['inetd', 'inetd', 'inetd'])
  })
})
