import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Page } from '@playwright/test'

/** What a step shows to a reader who was not there. */
export type Shown = {
  /** What went to the host: the command, the lines of the change, the keys typed. */
  readonly sent: string
  /** What the host itself says afterwards, asked by the lab and not through the app. */
  readonly answer: string
}

export type Step = {
  readonly id: string
  readonly title: string
  /** One sentence for the page. */
  readonly what: string
  /** Does it in the window, looks at the host, and throws when it did not hold. */
  run(picture: (name: string) => Promise<void>): Promise<Shown>
}

export type Done = {
  readonly step: Step
  readonly ms: number
  readonly pictures: readonly string[]
  readonly shown: Shown | null
  readonly failure: string | null
}

/** Runs one step with a time limit, and takes its last picture whatever happened. */
export async function runStep(step: Step, page: Page, folder: string, number: number): Promise<Done> {
  const started = performance.now()
  const pictures: string[] = []
  mkdirSync(folder, { recursive: true })
  const picture = async (name: string): Promise<void> => {
    const file = `${String(number)}-${step.id}-${name}.png`
    await page.screenshot({ path: path.join(folder, file), animations: 'disabled', timeout: 10_000 })
    pictures.push(file)
  }
  try {
    const shown = await within(60_000, step.run(picture))
    await picture('end')
    return { step, ms: performance.now() - started, pictures, shown, failure: null }
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error)
    try {
      await picture('failed')
      // A dialog left open would fail the next step too.
      await page.keyboard.press('Escape')
    } catch {
      // The window itself is gone; the failure says why.
    }
    return { step, ms: performance.now() - started, pictures, shown: null, failure }
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`not done within ${String(ms / 1000)} s`))
    }, ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** @throws Error that says what did not hold, with what was found */
export function hold(holds: boolean, what: string, found = ''): asserts holds {
  if (!holds) throw new Error(found === '' ? what : `${what}; found:\n${found}`)
}

/** Asks until `good` says yes, at most `seconds`; gives the last answer. */
export async function until<T>(
  seconds: number,
  ask: () => Promise<T>,
  good: (answer: T) => boolean,
): Promise<T> {
  const end = performance.now() + seconds * 1000
  for (;;) {
    const answer = await ask()
    if (good(answer) || performance.now() > end) return answer
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}
