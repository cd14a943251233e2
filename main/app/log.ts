import { app } from 'electron'
import type { LogFunctions } from 'electron-log'

type Level = 'info' | 'error'

/** Said before the log was there. */
let early: { readonly level: Level; readonly words: readonly unknown[] }[] | null = []
let log: LogFunctions | null = null

/** The app's log, in the user's data folder. What is said before `openLog` is written then. */
export const say = (line: string): void => write('info', line)
export const complain = (...words: readonly unknown[]): void => write('error', ...words)

function write(level: Level, ...words: readonly unknown[]): void {
  if (log === null) early?.push({ level, words })
  else log[level](...words)
}

/** Reading the log's own parts takes longer than making the window, so it is done after that. */
export async function openLog(): Promise<void> {
  const { default: opened } = await import('electron-log/main')
  opened.initialize({ preload: false, spyRendererConsole: false })
  opened.transports.file.resolvePathFn = () => `${app.getPath('userData')}/logs/main.log`
  log = opened
  for (const { level, words } of early ?? []) write(level, ...words)
  early = null
}
