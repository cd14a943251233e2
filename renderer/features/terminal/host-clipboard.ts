import { ClipboardAddon } from '@xterm/addon-clipboard'
import type { Terminal } from '@xterm/xterm'

/** More than this is no copy of a person's. */
const maxChars = 100_000

/**
 * OSC 52: a program on the host asks to put text into the user's clipboard. Each text goes to `asked`, and only
 * the user decides. Reading is never answered: the answer would hand the clipboard to the host, and it repeats
 * the request's selection name, with which a host could have text typed at the prompt.
 */
export function listenToHostClipboard(terminal: Terminal, asked: (text: string) => void): void {
  terminal.loadAddon(
    new ClipboardAddon(undefined, {
      readText: () => '',
      writeText: (_selection, text) => {
        if (text !== '') asked(text.slice(0, maxChars))
      },
    }),
  )
  // The handler registered last is asked first; true: it goes no further.
  terminal.parser.registerOscHandler(52, (data) => !/^[cpqs0-7]{0,8};[A-Za-z0-9+/=\s]+$/.test(data))
}
