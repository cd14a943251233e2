import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeTransports, emptyHome, hopTo, open, untilState } from './harness'
import { startSshd } from './local-sshd'
import type { LocalSshd } from './local-sshd'
import { startRelay } from './relay'

let sshd: LocalSshd
beforeAll(async () => {
  sshd = await startSshd()
})
afterAll(() => sshd.stop())

test('a dead wire is noticed within 45 s with the probes as shipped', async () => {
  const relay = await startRelay(sshd.port)
  const transport = open([hopTo(relay.port, [{ kind: 'key', path: sshd.keyFile }])], {
    env: await emptyHome(),
  })
  await untilState(transport, 'up')
  const begun = Date.now()
  relay.cut()
  await untilState(transport, 'lost', 50_000)
  const took = Date.now() - begun
  closeTransports()
  relay.close()
  expect(took).toBeLessThan(45_000)
}, 60_000)
