import { printLines } from '../line'
import type { InetdDocument } from './document'

export function print(document: InetdDocument): string {
  return printLines(document.lines)
}
