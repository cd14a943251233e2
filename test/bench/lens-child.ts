import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { decode } from '../../shared/codec'
import { hostsAccess } from '../../shared/lens/hosts-access'
import { inetd } from '../../shared/lens/inetd'
import type { Lens } from '../../shared/lens/lens'
import { services } from '../../shared/lens/services'
import { xinetd } from '../../shared/lens/xinetd'

const rounds = 5
const milliseconds = 1500

/**
 * Runs under Electron as Node: LENS keep|drop PATH…; reads, parses and prints each file, or each of a folder, again and
 * again, and prints the milliseconds of the quickest round: what the runtime's first steps and others on the machine take
 * is not the lens's. A document is dropped once it is printed, or all are kept in memory until the round ends.
 */
function main([name = '', keep, ...places]: readonly string[]): void {
  const files = places.flatMap((place) =>
    statSync(place).isDirectory() ? readdirSync(place).map((file) => path.join(place, file)) : [place],
  )
  const round = roundOf(name, files, keep === 'keep')
  const began = performance.now()
  let best = Infinity
  for (let count = 0; count < rounds || performance.now() - began < milliseconds; count++)
    best = Math.min(best, round())
  process.stdout.write(`${String(best)}\n`)
}

function roundOf(name: string, files: readonly string[], keeps: boolean): () => number {
  switch (name) {
    case 'xinetd':
      return () => timed(xinetd, files, keeps)
    case 'inetd':
      return () => timed(inetd, files, keeps)
    case 'services':
      return () => timed(services, files, keeps)
    case 'hostsAccess':
      return () => timed(hostsAccess, files, keeps)
    default:
      throw new Error(`no lens ${name}`)
  }
}

function timed<D>({ name, parse, print }: Lens<D>, files: readonly string[], keeps: boolean): number {
  const kept: D[] = []
  const began = performance.now()
  const areSame = files.every((file) => {
    const text = decode(readFileSync(file))
    const document = parse(text)
    if (keeps) kept.push(document)
    return print(document) === text
  })
  const took = performance.now() - began
  if (!areSame || kept.length !== (keeps ? files.length : 0)) throw new Error(`${name} loses what it reads`)
  return took
}

main(process.argv.slice(2))
