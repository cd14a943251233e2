import type { Lens } from '../lens'
import { printLines, splitLines } from '../line'
import type { ServicesDocument } from './document'
import { scan } from './scan'

/** services(5), as nss_files of Debian's glibc 2.36 reads /etc/services. */
export const services: Lens<ServicesDocument> = {
  name: 'services',
  parse: (text) => ({ nodes: splitLines(text).map(scan) }),
  print: ({ nodes }) => printLines(nodes),
}

export * from './document'
export * from './edit'
export * from './lookup'
