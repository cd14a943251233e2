import type { Asker } from '../ssh'

export interface RootPasswordQuestion {
  /** As the user knows it. */
  readonly host: string
  /** The login's name on the host: whose password it is. */
  readonly user: string
  readonly program: 'sudo' | 'doas'
  /** Which try this is, from 1. */
  readonly attempt: number
}

/**
 * Asks the user for the password that sudo or doas wants. null: he gave none that can be one.
 * @param wishes the question is withdrawn when one of them is aborted
 */
export async function askRootPassword(
  asker: Asker,
  { host, user, program, attempt }: RootPasswordQuestion,
  wishes: readonly AbortSignal[],
): Promise<string | null> {
  const gone = new AbortController()
  const withdraw = () => gone.abort()
  for (const wish of wishes) wish.addEventListener('abort', withdraw)
  if (wishes.some(({ aborted }) => aborted)) withdraw()
  const answers = await asker
    .prompt(
      {
        host,
        title: program,
        instruction: '',
        // As sudo words it itself, whatever the user's language: it is the tool that asks.
        prompts: [{ text: `[${program}] password for ${user}`, echo: false }],
        purpose: 'sudo',
        attempt,
      },
      gone.signal,
    )
    .finally(() => {
      for (const wish of wishes) wish.removeEventListener('abort', withdraw)
    })
  const password = answers?.[0] ?? null
  // A line break would be the end of the password, and the rest a second try.
  return password === null || /[\r\n\0]/.test(password) ? null : password
}
