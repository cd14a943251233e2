import { createDecipheriv, randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { connect, knownHostsIn } from '../../main/ssh'
import { currentEnvironment } from '../../main/ssh/environment'

/**
 * Runs under Electron as Node: ADDRESS KEY COMMAND; prints as JSON how long the command's output took, and how long
 * this runtime takes to decipher as many bytes and do no more.
 */
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
  process.stdout.write(JSON.stringify({ ms, bytes, cipher, decipherMs: decipher(bytes) }))
  transport.close()
}

/** In pieces of the size that sshd's packets have. Every server of the practice hosts takes this cipher. */
function decipher(bytes: number): number {
  const [key, iv, packet, length] = [
    randomBytes(16),
    randomBytes(12),
    randomBytes(32 * 1024),
    Buffer.alloc(4),
  ]
  const began = performance.now()
  for (let done = 0; done < bytes; done += packet.length)
    createDecipheriv('aes-128-gcm', key, iv).setAAD(length).update(packet)
  return performance.now() - began
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exit(1)
})
