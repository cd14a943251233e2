import { afterwards, byHand, pauses, sensors, sessions, wrecked } from './by-hand'
import { generate } from './generate'
import type { Tested } from './service-text'
import { tested } from './service-text'
import { accessTimesAround } from './times'

/** The same sample every time; WHARFMASTER_JUDGE_CASES and WHARFMASTER_JUDGE_SEED ask for another. */
const count = Number(process.env['WHARFMASTER_JUDGE_CASES'] ?? 200)
const seed = Number(process.env['WHARFMASTER_JUDGE_SEED'] ?? 12)

export const addresses = [
  '127.0.0.1',
  '127.3.0.9',
  '10.1.2.3',
  '10.2.0.7',
  '192.168.7.9',
  '10.200.0.1',
  '::1',
  'fd00:1::5',
  '2001:db8::7',
] as const

export const hosts = `127.0.0.1 localhost
::1 localhost
10.1.2.3 alpha.example.org alpha
fd00:1::5 beta.example.org
10.2.0.7 gamma.example.org.example.org
192.168.7.9 example.org
`

export const allow = `some: 10.1.2. [fd00:1::]/32
named: .example.org
six: [fd00:1::5] [::1]
masked: 10.0.0.0/255.0.0.0
open: ALL
`
export const deny = `closed, some, named, six, masked: ALL
`
export const load = 2.5

/** So that every service has a list from there. */
const defaults = `defaults
{
	log_type = FILE /run/services.log
	log_on_failure = HOST
	no_access = 10.200.0.1
}
`

const now = new Date()
const minute = now.getUTCHours() * 60 + now.getUTCMinutes()

const lines = {
  probes: [...byHand, ...accessTimesAround(minute), ...generate(count, seed)],
  sessions: sessions.map((one) => one.lines),
  wrecked: wrecked.map((one) => one.lines),
  pauses,
  sensors: sensors.map((one) => one.lines),
  afterwards,
}

let index = 0
const make = (all: readonly (readonly string[])[]): readonly Tested[] =>
  all.map((one) => tested(index++, one))
export const services = {
  probes: make(lines.probes),
  sessions: make(lines.sessions),
  wrecked: make(lines.wrecked),
  pauses: make(lines.pauses),
  sensors: make(lines.sensors),
  afterwards: make(lines.afterwards),
}
/** It lets everyone in, and comes last. */
export const sentinel = tested(index, [
  'name daytime',
  'type = INTERNAL UNLISTED',
  'socket_type = dgram',
  'wait = yes',
  'no_access =',
  'flags = NOLIBWRAP',
  'cps = 0 0',
])

export const text = [
  defaults,
  ...Object.values(services)
    .flat()
    .map((one) => one.text),
  sentinel.text,
].join('')
