/**
 * A format as two functions. `print(parse(text)) === text` for every string, valid in the format or not: what
 * was not understood is kept in the document too, so one odd line never blocks a file.
 */
export type Lens<D> = {
  readonly name: string
  readonly parse: (text: string) => D
  readonly print: (document: D) => string
}
