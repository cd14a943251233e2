import type { ServicesDocument } from './document'
import { isRead } from './document'

/*
 * Lookups as nss_files does them (files-service.c): the first line of the file that fits, wins; a name counts no more
 * than an alias; names and protocols are compared letter by letter. A protocol of null fits any. Each gives places in
 * `document.nodes`.
 */

/** All lines that bear the name, as their own or as an alias, in their order. */
export function linesNamed(
  document: ServicesDocument,
  name: string,
  protocol: string | null = null,
): readonly number[] {
  return placesWhere(document, protocol, (reading) => reading.name === name || reading.aliases.includes(name))
}

/** All lines of a port, in their order. */
export function linesOnPort(
  document: ServicesDocument,
  port: number,
  protocol: string | null = null,
): readonly number[] {
  return placesWhere(document, protocol, (reading) => reading.port === port)
}

/** The line that getservbyname(3) gives; null: none. */
export function serviceByName(
  document: ServicesDocument,
  name: string,
  protocol: string | null = null,
): number | null {
  return linesNamed(document, name, protocol)[0] ?? null
}

/** The line that getservbyport(3) gives; null: none. */
export function serviceByPort(
  document: ServicesDocument,
  port: number,
  protocol: string | null = null,
): number | null {
  return linesOnPort(document, port, protocol)[0] ?? null
}

type Fits = (reading: { name: string; port: number; aliases: readonly string[] }) => boolean

function placesWhere(document: ServicesDocument, protocol: string | null, fits: Fits): readonly number[] {
  return document.nodes.flatMap((node, at) =>
    isRead(node) && (protocol === null || node.protocol === protocol) && fits(node) ? [at] : [],
  )
}
