import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { decode } from '../../shared/codec'
import { hostsAccess } from '../../shared/lens/hosts-access'
import { inetd } from '../../shared/lens/inetd'
import type { Lens } from '../../shared/lens/lens'
import { services } from '../../shared/lens/services'
import { xinetd } from '../../shared/lens/xinetd'

const rounds = 5

/**
 * Runs under Electron as Node: LENS PATH; reads and parses the file, or each file of the folder, several times, and
 * prints the milliseconds of the quickest: what the runtime's first steps and others on the machine take is not the
 * lens's. augtool's first is its best, for it is compiled.
 */
function main([name = '', place = '']: readonly string[]): void {
  const files = statSync(place).isDirectory()
    ? readdirSync(place).map((file) => path.join(place, file))
    : [place]
  let best = Infinity
  for (let round = 0; round < rounds; round++) {
    const began = performance.now()
    const texts = files.map((file) => parsed(name, decode(readFileSync(file))))
    best = Math.min(best, performance.now() - began)
    if (texts.includes(false)) throw new Error(`${name} does not give back ${place}`)
  }
  process.stdout.write(`${String(best)}\n`)
}

/** Whether what was parsed prints the same. */
function parsed(name: string, text: string): boolean {
  switch (name) {
    case 'xinetd':
      return isSame(xinetd, text)
    case 'inetd':
      return isSame(inetd, text)
    case 'services':
      return isSame(services, text)
    case 'hostsAccess':
      return isSame(hostsAccess, text)
    default:
      throw new Error(`no lens ${name}`)
  }
}

function isSame<D>({ parse, print }: Lens<D>, text: string): boolean {
  return print(parse(text)) === text
}

main(process.argv.slice(2))
