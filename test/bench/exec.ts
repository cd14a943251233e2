import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { electronExecutable, root } from '../e2e/launch'
import { practice } from '../lab/practice/practice'
import { builtChild } from './built-child'
import { line, median, type Line } from './line'

const rounds = 5
const bytes = 256 * 2 ** 20
const file = '/var/tmp/bench-exec'

const report = z.object({
  ms: z.number(),
  bytes: z.number(),
  cipher: z.literal('aes128-gcm@openssh.com'),
  decipherMs: z.number(),
})

/**
 * An exec channel of ours, in Electron's own Node (its crypto is BoringSSL), against the OpenSSH client with the same
 * cipher: the time from the first byte to the last. And against what that crypto takes by itself.
 */
export async function bench(): Promise<readonly Line[]> {
  const harbor = practice().host('harbor')
  const key = practice().lab.keys.ed25519
  await harbor.must(`head -c ${String(bytes)} /dev/urandom > ${file}`)
  const folder = mkdtempSync(path.join(root, 'out', 'bench-'))
  try {
    const program = await builtChild('exec-child', folder)
    const ours: number[] = []
    const theirs: number[] = []
    const deciphering: number[] = []
    for (let round = 0; round < rounds; round++) {
      const words = [program, harbor.address, key, `cat ${file}`]
      const ran = report.parse(
        JSON.parse(await output(electronExecutable(), words, { ELECTRON_RUN_AS_NODE: '1' })),
      )
      if (ran.bytes !== bytes) throw new Error(`${String(ran.bytes)} of ${String(bytes)} bytes came`)
      ours.push(ran.ms)
      deciphering.push(ran.decipherMs)
      theirs.push(await openssh(harbor.address, key, ran.cipher))
    }
    const seconds = (list: readonly number[]) => ((median(list) / 1000) * 2 ** 30) / bytes
    return [
      line(
        'exec channel, against the OpenSSH client with the same cipher',
        seconds(ours),
        seconds(theirs),
        's/GiB',
        5,
        whyMoreThanOpenSsh,
      ),
      line(
        'exec channel, against this runtime deciphering the same bytes and no more',
        seconds(ours),
        seconds(deciphering),
        's/GiB',
        2,
      ),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
    await harbor.must(`rm -f ${file}`)
  }
}

const whyMoreThanOpenSsh =
  'Electron 25 deciphers AES without the processor’s AES instructions, some twenty times slower than OpenSSL; that ' +
  'alone takes longer than all of OpenSSH. What is ours to answer for is the next line.'

/** @returns milliseconds from the first byte to the last */
function openssh(address: string, key: string, cipher: string): Promise<number> {
  const known = mkdtempSync(path.join(tmpdir(), 'wharfmaster-bench-'))
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=accept-new',
    `UserKnownHostsFile=${known}/known_hosts`,
    'LogLevel=ERROR',
  ]
  return new Promise((resolve, reject) => {
    const child = spawn(
      'ssh',
      [
        '-F',
        'none',
        '-c',
        cipher,
        '-i',
        key,
        ...options.flatMap((option) => ['-o', option]),
        `root@${address}`,
        `cat ${file}`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    let first = 0
    let got = 0
    child.stdout.on('data', (chunk: Buffer) => {
      if (got === 0) first = performance.now()
      got += chunk.length
    })
    child.on('error', reject)
    child.on('close', (code) => {
      rmSync(known, { recursive: true })
      if (code === 0 && got === bytes) resolve(performance.now() - first)
      else reject(new Error(`ssh ended with ${String(code)} after ${String(got)} bytes`))
    })
  })
}

function output(
  program: string,
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    child.stdout.on('data', (text) => (said += String(text)))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(said)
      else reject(new Error(`${program}: exit code ${String(code)}`))
    })
  })
}
