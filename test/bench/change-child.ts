import { createInterface } from 'node:readline'
import { signIn, type Client } from '../integration/host/client'

/**
 * Runs under Electron as Node: ADDRESS PATH; signs in, and then, for each number that it reads, gives the service
 * `greeting` of the file that many instances, as the window would: planned, applied, proved and confirmed. Prints the
 * milliseconds of each, one a line.
 */
async function main([address = '', path = '']: readonly string[]): Promise<void> {
  const client = await signIn({ name: 'bench', address }, 'admin')
  process.stdout.write('ready\n')
  for await (const line of createInterface({ input: process.stdin })) {
    const began = performance.now()
    await change(client, path, line)
    process.stdout.write(`${String(performance.now() - began)}\n`)
  }
  await client.end()
}

async function change(client: Client, path: string, instances: string): Promise<void> {
  const planned = await client.ask['change.plan']({
    host: client.host,
    intent: {
      capability: 'superserver',
      kind: 'editService',
      reason: '',
      service: { path, id: 'greeting', occurrence: 0 },
      set: { instances: [instances] },
    },
  })
  if (!planned.ok) throw new Error(JSON.stringify(planned.problem))
  const { id, digest } = planned.value
  const applied = await client.ask['change.apply']({ id, digest })
  if (!applied.ok || applied.value.kind !== 'proved') throw new Error(JSON.stringify(applied))
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exit(1)
})
