import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { methods, type Answer, type ChangeOutcome } from '../../../shared/contract'
import type { Host } from '../../lab/host'
import { openLab, type Lab } from '../../lab/lab'
import { signIn, type Client } from '../host/client'

/** Services of a real xinetd become units of a real systemd, on the same ports, and go back. */
const path = '/etc/xinetd.d/berths'
const service = (name: string, port: number, more: string) => `service ${name}
{
	type        = UNLISTED
	socket_type = stream
	protocol    = tcp
	port        = ${port}
	user        = nobody
${more}
}
`
const file = `# 泊位表 — read by the gate every minute
${service('berths', 9321, '\twait        = no\n\tserver      = /bin/echo\n\tserver_args = 100% "$HOME" berth 7')}
${service('tides', 9322, '\twait        = yes\n\tserver      = /srv/one-answer')}
${service('gate', 9323, '\twait        = no\n\tredirect    = 127.0.0.1 22')}
${service('stays', 9324, '\twait        = no\n\tserver      = /bin/echo\n\tserver_args = stays')}`
/** Takes one connection of the socket that it is given, and ends: what `wait = yes` asks of a program. */
const oneAnswer = `#!/usr/bin/perl
use IO::Socket::INET;
my $listening = IO::Socket::INET->new_from_fd(0, 'r+');
my $client = $listening->accept;
print $client "high at 04:12\\n";
close $client;
sleep 30;
`
const ref = (id: string) => ({ path, id, occurrence: 0 })
const moved = [ref('berths'), ref('tides')]
const ports = [9321, 9322, 9324]

let lab: Lab
let host: Host
let client: Client
beforeAll(async () => {
  lab = await openLab()
  host = await lab.host({
    name: 'new-quay',
    units: ['xinetd.service'],
    files: { [path]: file, '/srv/one-answer': oneAnswer },
    run: 'chmod 755 /srv/one-answer; sed -i "s/^hosts:.*/hosts: files/" /etc/nsswitch.conf',
  })
  client = await signIn(host, 'admin')
})
afterAll(async () => {
  await client.end()
  await lab.close()
})
beforeEach(async () => {
  await host.writeFile(path, file)
  await host.must(
    `systemctl stop 'berths*' 'tides*'; pkill -x one-answer; rm -rf /etc/systemd/system/berths* /etc/systemd/system/tides* /etc/systemd/system/sockets.target.wants/[bt]*
     systemctl daemon-reload; systemctl reset-failed; systemctl restart xinetd`,
  )
  await expect.poll(() => answerOf(9324), { timeout: 10_000 }).toBe('stays\n')
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
    socket.on('data', (chunk) => {
      said += chunk.toString()
      socket.end()
    })
    socket.on('close', () => resolve(said))
    socket.on('error', (error) => (said = 'code' in error ? String(error.code) : error.message))
  })
}
const holders = () =>
  Promise.all(
    ports.map(async (port) =>
      [...(await host.must(`ss -Hltnp 'sport = :${port}'`)).matchAll(/"(\w+)",pid=(\d+)/g)]
        .map(([, program, pid]) => (program === 'systemd' ? `${program} ${pid}` : program))
        .filter((holder, at, all) => all.indexOf(holder) === at)
        .sort()
        .join(','),
    ),
  )
const text = async () => (await host.readFile(path)).toString()
const disabled = (id: string, whole: string) => {
  const at = whole.indexOf('}', whole.indexOf(`service ${id}\n`))
  return `${whole.slice(0, at)}\tdisable     = yes\n${whole.slice(at)}`
}
async function rebooted(): Promise<void> {
  await host.reboot()
  await client.end()
  client = await signIn(host, 'admin')
}
const leftOfUnits = () =>
  host.must(
    `ls -d /etc/systemd/system/{,*.wants/}{berths,tides}* 2>/dev/null; systemctl list-units --all --no-legend --plain 'berths*' 'tides*'; ls /etc/systemd/system | grep wharfmaster || true`,
  )

describe('services of xinetd', () => {
  it('are held by systemd on the same ports, with the same answers, and go back by undo', async () => {
    const before = await answerOf(9321)
    expect(before).toBe('100% "$HOME" berth 7\n')
    // The program that got the socket has the port as well, until it is ended.
    expect(await answerOf(9322)).toBe('high at 04:12\n')
    const made = await change({ kind: 'convertServices', services: [...moved, ref('gate')] })
    expect(made).toMatchObject({ kind: 'proved' })
    expect(await holders()).toEqual(['systemd 1', 'systemd 1', 'xinetd'])
    expect(await answerOf(9321)).toBe(before)
    expect(await answerOf(9322)).toBe('high at 04:12\n')
    expect(await answerOf(9323), 'what cannot be converted stays').toContain('SSH-2.0')
    expect(await text()).toBe(disabled('tides', disabled('berths', file)))
    expect(await host.must('systemctl is-enabled berths.socket tides.socket')).toBe('enabled\nenabled\n')

    const undo = value(await client.ask['history.undo']({ id: made.id }))
    expect(value(await client.ask['change.apply']({ id: undo.id, digest: undo.digest }))).toMatchObject({
      kind: 'proved',
    })
    expect(await holders()).toEqual(['xinetd', 'xinetd', 'xinetd'])
    expect(await answerOf(9321)).toBe(before)
    expect(await answerOf(9322)).toBe('high at 04:12\n')
    expect(await text()).toBe(file)
    expect(await leftOfUnits()).toBe('')
  })

  it.each([
    ['cannot be taken', 'ListenStream=203.0.113.9:1', 'change.stepFailed'],
    ['is not the one that was said', 'ListenStream=\nListenStream=9329', 'change.notProved'],
  ])('go back by themselves when the socket %s', async (_what, line, code) => {
    await host.must(
      `mkdir -p /etc/systemd/system/berths.socket.d; printf '[Socket]\n${line}\n' >/etc/systemd/system/berths.socket.d/local.conf`,
    )
    const made = await change({ kind: 'convertServices', services: moved })
    expect(made).toMatchObject({ kind: 'rolledBack', problem: { code } })
    await host.must('rm -r /etc/systemd/system/berths.socket.d')
    expect(await holders()).toEqual(['xinetd', 'xinetd', 'xinetd'])
    expect(await answerOf(9321)).toBe('100% "$HOME" berth 7\n')
    expect(await text()).toBe(file)
    expect(await leftOfUnits()).toBe('')
  })

  it('are where they were when the host goes down before the change is confirmed', async () => {
    const params = methods['change.plan'].params.parse({
      host: client.host,
      intent: { capability: 'superserver', kind: 'convertServices', services: moved },
    })
    const forth = value(await client.ask['change.plan'](params))
    void client.ask['change.apply']({ id: forth.id, digest: forth.digest, confirm: 'user' })
    await expect.poll(holders, { timeout: 20_000 }).toEqual(['systemd 1', 'systemd 1', 'xinetd'])
    await rebooted()
    await expect.poll(holders, { timeout: 20_000 }).toEqual(['xinetd', 'xinetd', 'xinetd'])
    expect(await text()).toBe(file)
    expect(await leftOfUnits()).toBe('')

    const made = await change({ kind: 'convertServices', services: moved })
    const undo = value(await client.ask['history.undo']({ id: made.id }))
    void client.ask['change.apply']({ id: undo.id, digest: undo.digest, confirm: 'user' })
    await expect.poll(holders, { timeout: 20_000 }).toEqual(['xinetd', 'xinetd', 'xinetd'])
    await rebooted()
    await expect.poll(holders, { timeout: 20_000 }).toEqual(['systemd 1', 'systemd 1', 'xinetd'])
    expect(await host.must('systemctl is-enabled berths.socket tides.socket')).toBe('enabled\nenabled\n')
    expect(await answerOf(9321)).toBe('100% "$HOME" berth 7\n')
  })
})
