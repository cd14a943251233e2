import { writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { root } from '../e2e/launch'
import { sharePractice } from '../lab/practice/practice'
import { bench as change } from './change'
import { bench as desktop } from './desktop'
import { bench as exec } from './exec'
import { bench as lens } from './lens'
import type { Line } from './line'
import { bench as terminal } from './terminal'
import { bench as window } from './window'

/** Runs every comparison and writes docs/benchmarks.md. Exit code 1: a ratio is over its limit. */
const benches: Readonly<Record<string, () => Promise<readonly Line[]>>> = {
  window,
  exec,
  change,
  lens,
  terminal,
  desktop,
}

const wanted = process.argv.slice(2)
/** What else the machine was doing: other work slows the two sides unevenly. */
const busy = os.loadavg()[0] ?? 0
const end = await sharePractice()
const lines: Line[] = []
try {
  for (const [name, bench] of Object.entries(benches)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    process.stdout.write(`${name} …\n`)
    for (const one of await bench()) {
      lines.push(one)
      process.stdout.write(`${row(one)}\n`)
    }
  }
} finally {
  await end()
}
if (wanted.length === 0) writeFileSync(path.join(root, 'docs', 'benchmarks.md'), report())
process.exit(lines.every(({ ratio, limit }) => ratio <= limit) ? 0 : 1)

function row({ name, a, b, unit, ratio, limit }: Line): string {
  return `| ${name} | ${figure(a)} | ${figure(b)} | ${unit} | ${ratio.toFixed(2)} | ${limit.toFixed(2)} |`
}

function reason({ name, why }: Line): string {
  return why === undefined ? '' : `- **${name}**: ${why}\n`
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

function report(): string {
  const cpu = os.cpus()
  return `# Benchmarks

\`npm run bench\` writes this page. Each line is a ratio measured side by side in one run on one machine: what the app
takes by what the other takes, so less is better, and the machine's own speed falls out.

| what | ours | theirs | unit | ratio | at most |
| --- | ---: | ---: | --- | ---: | ---: |
${lines.map(row).join('\n')}

${lines.map(reason).join('')}
Measured on ${new Date().toISOString().slice(0, 10)}, ${String(cpu.length)} cores (${cpu[0]?.model.trim() ?? 'unknown'}), ${(os.totalmem() / 2 ** 30).toFixed(0)} GiB, ${os.type()} ${os.release().replace(/-.*/, '')};
load average before: ${busy.toFixed(1)}.${busy > 1 ? ' The machine was busy with other work: run it again on a quiet one before judging a ratio.' : ''}
`
}
