import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { toSystemd } from '../../../shared/model/superserver/convert'
import type { HostKind } from '../../lab/host'
import type { Lab } from '../../lab/lab'
import { namesIn } from '../xinetd-judge/judge'
import { fileOf, portOf, resolved, running } from './services'

/** A question as ask.pl reads it. */
export function ask(name: keyof typeof running, address: string, source = address): string {
  const protocol = name === 'datagram' ? 'udp' : 'tcp'
  return [protocol, address.includes(':') ? 6 : 4, address, portOf(name), source].join(' ')
}

/**
 * Asks xinetd of a practice host, then systemd with the converted units in its place, and expects the same bytes.
 * @param answers at least so many of the questions are to be answered
 */
export async function move(
  lab: Lab,
  kind: HostKind,
  asks: readonly string[],
  answers: number,
): Promise<void> {
  const here = (name: string) => readFileSync(fileURLToPath(new URL(name, import.meta.url)), 'utf8')
  const host = await lab.host({
    name: `mover-${kind}`,
    kind,
    files: {
      '/etc/xinetd.conf': fileOf(running),
      '/srv/tell.pl': here('tell.pl'),
      '/srv/ask.pl': here('ask.pl'),
      '/srv/asks': asks.map((one) => `${one}\n`).join(''),
    },
    // libwrap asks for names, and nobody here would answer.
    run: `sed -i 's/^hosts:.*/hosts: files/' /etc/nsswitch.conf && systemctl start xinetd &&
      until ss -lnt | grep -q ':${portOf('bound')} '; do sleep 0.05; done`,
  })
  const before = await host.must('perl /srv/ask.pl /srv/asks 5 5')
  const moved = resolved(namesIn(lab.base)).filter(({ id }) =>
    asks.some((one) => Object.hasOwn(running, id) && one.includes(` ${portOf(id)} `)),
  )
  const units = moved.flatMap((service) => toSystemd(service, { version: 252, taken: [] }).units)
  const sockets = units.map(({ name }) => name).filter((name) => name.endsWith('.socket'))
  const place = units
    .map(({ name, text }) => `cat > '/etc/systemd/system/${name}' <<'EOF'\n${text}EOF\n`)
    .join('')
  await host.must(`systemctl stop xinetd
    ${place}systemctl daemon-reload && systemctl enable --now ${sockets.join(' ')}`)
  const after = await host.must('perl /srv/ask.pl /srv/asks 5 5')
  expect(told(after, asks)).toEqual(told(before, asks))
  expect(told(after, asks).filter((line) => line.includes('argv=')).length).toBeGreaterThanOrEqual(answers)
  const names = units.map(({ name }) => name.replace(/@?\.\w+$/, ''))
  const failed = await host.must('systemctl --failed --no-legend --plain')
  expect(failed.split('\n').filter((line) => names.includes(line.split(/[@.]/)[0] ?? ''))).toEqual([])
}

/**
 * What came, by question: nothing is nothing, whether the call ended or the packets were dropped. The groups beside the
 * first are those of the note `supplementaryGroups`.
 */
function told(said: string, asks: readonly string[]): readonly string[] {
  return said
    .trimEnd()
    .split('\n')
    .map((line, at) => `${asks[at] ?? ''}: ${line.replace(/^[a-z]+ ?/, '').replace(/ groups=[0-9,]*/, '')}`)
}
