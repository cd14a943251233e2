import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { connect, knownHostsIn } from '../../main/ssh'
import { currentEnvironment } from '../../main/ssh/environment'

/** Runs under Electron as Node: ADDRESS KEY COMMAND; prints how long the command's output took, as JSON. */
async function main([address = '', key = '', command = '']: readonly string[]): Promise<void> {
  const home = mkdtempSync(path.join(tmpdir(), 'wharfmaster-bench-'))
  const transport = connect(
    [
      {
        name: 'bench',
        address,
        port: 22,
        user: 'root',
        auth: [{ kind: 'key', path: key }],
        legacy: false,
        keepalive: false,
      },
    ],
    {
      asker: { prompt: () => Promise.resolve(null), hostKey: () => Promise.resolve('accept-once') },
      env: { ...currentEnvironment(), home },
      knownHosts: knownHostsIn([path.join(home, 'known_hosts')]),
      log: () => undefined,
    },
  )
  const opened = await transport.open(command, {})
  if (!opened.ok) throw new Error(JSON.stringify(opened.problem))
  let bytes = 0
  let first = 0
  const { state } = transport
  opened.value.stream.on('data', (chunk: Uint8Array) => {
    if (bytes === 0) first = performance.now()
    bytes += chunk.length
  })
  await opened.value.closed
  const ms = performance.now() - first
  const cipher = state.kind === 'up' ? state.negotiated.cipher : ''
  process.stdout.write(JSON.stringify({ ms, bytes, cipher }))
  transport.close()
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exit(1)
})
