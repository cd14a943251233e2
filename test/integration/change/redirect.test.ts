import { afterAll, beforeAll, expect, it } from 'vitest'
import { judge } from '../../../main/capability/superserver/verdict'
import { methods, type Answer, type ChangeOutcome } from '../../../shared/contract'
import { resolve, type SuperserverProof, type SuperserverState } from '../../../shared/model/superserver'
import { proofOf } from '../../../shared/model/superserver/xinetd/prove'
import type { Host } from '../../lab/host'
import { openLab, type Lab } from '../../lab/lab'
import { signIn, type Client } from '../host/client'

/** Where a redirection leads is proved by what the daemon itself says of it. */
const path = '/etc/xinetd.d/gates'
const gate = (id: string, port: number, to: string) => `service ${id}
{
	type = UNLISTED
	socket_type = stream
	protocol = tcp
	port = ${port}
	wait = no
	user = nobody
	redirect = ${to}
}
`
/** Before, and what it is led to; a number is an address that only /etc/hosts or nobody has a name for. */
const gates = [
  ['number', 9401, '127.0.0.1 22', '198.51.100.9 8080', '198.51.100.9:8080'],
  ['named', 9402, '198.51.100.9 22', '198.51.100.7 22', 'web1.quay:22'],
  ['six', 9403, '::1 80', '2001:db8::7 9000', 'web6.quay:9000'],
  ['host', 9404, '127.0.0.1 80', 'web1 80', 'web1.quay:80'],
  ['word', 9405, '198.51.100.9 80', '198.51.100.9 telnet', '198.51.100.9:23'],
] as const
const fileOf = (which: 2 | 3) => gates.map((row) => gate(row[0], row[1], row[which])).join('\n')

let lab: Lab
let host: Host
let client: Client
beforeAll(async () => {
  lab = await openLab()
  host = await lab.host({
    name: 'gates',
    units: ['xinetd.service'],
    files: { [path]: fileOf(2) },
    run: `sed -i "s/^hosts:.*/hosts: files/" /etc/nsswitch.conf
printf '198.51.100.7 web1.quay web1\\n2001:db8::7 web6.quay\\n' >>/etc/hosts`,
  })
  client = await signIn(host, 'admin')
})
afterAll(async () => {
  await client.end()
  await lab.close()
})

const value = <T>(answer: Answer<T>): T => {
  if (!answer.ok) throw new Error(JSON.stringify(answer.problem))
  return answer.value
}
async function lead(id: string, to: string): Promise<ChangeOutcome> {
  const intent = {
    capability: 'superserver',
    kind: 'editService',
    service: { path, id, occurrence: 0 },
    set: { redirect: to.split(' ') },
  }
  const params = methods['change.plan'].params.parse({ host: client.host, intent })
  const planned = value(await client.ask['change.plan'](params))
  return value(await client.ask['change.apply']({ id: planned.id, digest: planned.digest }))
}
async function read(): Promise<SuperserverState> {
  await client.ask['part.open']({ host: client.host, part: 'superserver' })
  const snapshot = value(await client.ask['part.refresh']({ host: client.host, part: 'superserver' }))
  await client.ask['part.close']({ host: client.host, part: 'superserver' })
  // Made by this part's own parser.
  return snapshot.value as SuperserverState
}
/** What must hold of the files as they are, whether the daemon has read them or not. */
function wanted({ xinetd }: SuperserverState): SuperserverProof {
  if (xinetd === null) throw new Error('xinetd is there')
  const now = resolve(xinetd)
  return {
    files: [],
    xinetd: proofOf({ ...xinetd, dump: null }, now, now),
    inetd: null,
    systemd: null,
    control: null,
    boot: null,
    failover: null,
  }
}

it.each(gates)('%s: is proved when it leads there', async (id, port, _, to, said) => {
  const outcome = await lead(id, to)
  const [address = '', wish = ''] = to.split(' ')
  const number = wish === 'telnet' ? '23' : wish
  expect(outcome).toMatchObject({ kind: 'proved' })
  expect(JSON.stringify(outcome)).toContain(
    `${id} tcp/${port}: Active, Redirect = ${said} is ${address} port ${number}`,
  )
})

it('is not proved while the daemon leads elsewhere', async () => {
  await host.writeFile(path, fileOf(2))
  const before = await read()
  const refused = judge(wanted(before), before, 'applied')
  expect(refused.holds).toBe(false)
  expect(refused.missing).toEqual(
    gates.map(([id, port, from, , said]) => {
      const [address = '', number = ''] = from.split(' ')
      return `${id} tcp/${port}: Active, Redirect = ${said} instead of ${address} port ${number}`
    }),
  )

  await host.must('kill -HUP "$(cat /run/xinetd.pid)"; sleep 0.3')
  const after = await read()
  expect(judge(wanted(after), after, 'applied')).toMatchObject({ holds: true, missing: [] })
})

it('is where a name leads now: a reload has the daemon look it up anew', async () => {
  await host.must(
    `printf '198.51.100.8 moved.quay\\n' >>/etc/hosts; sed -i 's/^\\(.*redirect = \\)198.51.100.9 22$/\\1moved.quay 22/' ${path}; kill -HUP "$(cat /run/xinetd.pid)"; sleep 0.3
     sed -i 's/^198.51.100.8 moved/198.51.100.6 moved/' /etc/hosts`,
  )
  const state = await read()
  expect(judge(wanted(state), state, 'applied').missing.join()).toMatch(/named .* instead of moved\.quay/)
  expect(state.xinetd?.lookups['moved.quay']).toEqual([{ address: '198.51.100.6', names: ['moved.quay'] }])
  expect(await lead('number', '127.0.0.1 23')).toMatchObject({ kind: 'proved' })
})
