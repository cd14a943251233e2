import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PartSnapshot } from '../../../shared/contract'
import { openLab, type Lab } from '../../lab/lab'
import { signIn, type Client } from './client'

/** A name server that never answers, and more names than anybody would wait for: a second each. */
const names = Array.from({ length: 30 }, (_, at) => `client${at}.quay.example`)
const service = `service gate
{
	type        = UNLISTED
	socket_type = stream
	protocol    = tcp
	port        = 9330
	wait        = no
	user        = nobody
	server      = /bin/echo
	only_from   = ${names.join(' ')}
	disable     = yes
}
`
let lab: Lab
let client: Client
beforeAll(async () => {
  lab = await openLab()
  const host = await lab.host({
    name: 'slow-names',
    units: ['xinetd.service'],
    files: { '/etc/xinetd.d/gate': service },
  })
  // A port of the machine itself that takes what is sent to it, and says nothing.
  await host.must(
    "printf 'nameserver 127.0.0.53\noptions timeout:1 attempts:1\n' >/etc/resolv.conf; (socat -u UDP-RECV:53,bind=127.0.0.53 - >/dev/null 2>&1 &)",
  )
  const asked = await host.must('date +%s; getent ahostsv4 client0.quay.example || true; date +%s')
  const [from = 0, to = 0] = asked.split('\n').map(Number)
  expect(to - from, 'the resolver is slow').toBeGreaterThanOrEqual(1)
  client = await signIn(host, 'admin')
})
afterAll(async () => {
  await client.end()
  await lab.close()
})

it('keeps nobody from the services of a host', async () => {
  await client.ask['part.open']({ host: client.host, part: 'superserver' })
  const snapshot = () =>
    client.events
      .filter((event) => event.name === 'part.changed')
      .map(({ payload }) => payload as { part: string; snapshot: PartSnapshot })
      .find(
        ({ part, snapshot: { value, problem } }) =>
          part === 'superserver' && (value !== null || problem !== null),
      )?.snapshot
  await expect.poll(snapshot, { timeout: 60_000 }).toMatchObject({ problem: null })
  expect(JSON.stringify(snapshot()?.value)).toContain('/etc/xinetd.d/gate')
})
