import type { AnyAuthMethod, Prompt } from 'ssh2'
import type { Asker, PromptQuestion } from '../asker'
import type { Environment } from '../environment'
import { note } from '../notes'
import { detailText } from '../problems'
import type { AuthMethod, Hop } from '../route'
import { assertNever } from '../../../shared/assert-never'
import type { ConnectionNote } from '../../../shared/contract/host'
import type { AnswerMemory } from './memory'
import { PublicKeys } from './public-keys'

/** As NumberOfPasswordPrompts of ssh_config(5); over password and keyboard-interactive together. */
const maxTries = 3
/** A server may ask any number of rounds; past this it plays with the user. */
const maxRounds = 20
const maxPrompts = 16

export interface AuthenticatorDeps {
  readonly hop: Hop
  readonly env: Environment
  readonly asker: Asker
  readonly memory: AnswerMemory
  readonly signal: AbortSignal
  tell(note: ConnectionNote): void
  /** Runs while the user is asked: the server's time must not run out on him here. */
  whileAsking<T>(wait: Promise<T>): Promise<T>
  /** The user does not want to go on. */
  cancel(): void
}

/**
 * Chooses what to try next, in the order of the hop's methods, and only what the server offers. After a partial
 * success (RFC 4252 §5.1) it starts over with what the server then asks for.
 */
export class Authenticator {
  private offered: readonly string[] = []
  /** `offered` is what is hoped for, before the server has said anything. */
  private guessing = false
  private partial = false
  private tries = 0
  private readonly keys: PublicKeys
  private readonly attempts: AsyncGenerator<AnyAuthMethod, void, void>
  /** What was tried in vain, for the problem's text. */
  readonly tried: string[] = []

  constructor(private readonly deps: AuthenticatorDeps) {
    this.keys = new PublicKeys({
      ...deps,
      ask: (question) => this.ask(question),
      partial: () => this.partial,
    })
    this.attempts = this.run()
  }

  /** What the server said it would take. */
  get offeredMethods(): readonly string[] {
    return this.offered
  }

  /** The server did not take the last attempt, or took it and wants more (`partial`). */
  refused(offered: readonly string[], partial: boolean): void {
    this.guessing = false
    this.offered = offered
    this.partial = partial
  }

  /** null: there is nothing left to try. */
  async next(): Promise<AnyAuthMethod | null> {
    const step = await this.attempts.next()
    return step.done === true ? null : step.value
  }

  private async *run(): AsyncGenerator<AnyAuthMethod, void, void> {
    const first = this.deps.hop.auth[0]
    // A key is tried at once: over far jump hosts, asking first what is offered costs a second.
    if (first !== undefined && wireName(first) === 'publickey') this.guess()
    else yield this.askWhatIsOffered()
    const told = new Set<string>()
    for (;;) {
      this.partial = false
      for (const method of this.deps.hop.auth) {
        // No key was there to be tried, so the server has not said yet what it takes.
        if (this.guessing && wireName(method) !== 'publickey') yield this.askWhatIsOffered()
        if (this.isOffered(method, told)) yield* this.attemptsWhileOffered(method, told)
        if (this.wantsMore()) break
      }
      if (!this.wantsMore()) break
    }
    // No key could be tried: what the server takes is to be told as it says it, not as it was guessed.
    if (this.isGuessing()) yield this.askWhatIsOffered()
  }

  /** Asked by a call, as it changes while an attempt is out. */
  private wantsMore(): boolean {
    return this.partial
  }

  private isGuessing(): boolean {
    return this.guessing
  }

  private guess(): void {
    this.guessing = true
    this.offered = ['publickey']
  }

  private askWhatIsOffered(): AnyAuthMethod {
    return { type: 'none', username: this.deps.hop.user }
  }

  private async *attemptsWhileOffered(
    method: AuthMethod,
    told: Set<string>,
  ): AsyncGenerator<AnyAuthMethod, void, void> {
    const name = wireName(method)
    for await (const attempt of this.attemptsOf(method)) {
      if (!this.tried.includes(name)) this.tried.push(name)
      yield attempt
      if (this.partial || !this.isOffered(method, told)) return
    }
  }

  private isOffered(method: AuthMethod, told: Set<string>): boolean {
    const name = wireName(method)
    if (this.offered.includes(name)) return true
    if (!told.has(name)) this.deps.tell(note('methodNotOffered', { method: name }))
    told.add(name)
    return false
  }

  private attemptsOf(method: AuthMethod): AsyncGenerator<AnyAuthMethod, void, void> {
    switch (method.kind) {
      case 'agent':
        return this.keys.ofAgent(method)
      case 'key':
        return this.keys.ofFile(method.path, method.optional === true)
      case 'password':
        return this.passwordAttempts()
      case 'keyboard-interactive':
        return this.interactiveAttempts()
      default:
        return assertNever(method)
    }
  }

  private get passwordKey(): string {
    const { user, address, port } = this.deps.hop
    return `password ${user}@${address}:${port}`
  }

  private async *passwordAttempts(): AsyncGenerator<AnyAuthMethod, void, void> {
    const { hop, memory } = this.deps
    for (;;) {
      let password = memory.recall(this.passwordKey)
      const remembered = password !== undefined
      if (password === undefined) {
        if (this.tries >= maxTries) return
        this.tries++
        const answers = await this.ask({
          title: `${hop.user}@${hop.name}`,
          instruction: '',
          prompts: [{ text: `Password for ${hop.user}@${hop.address}`, echo: false }],
          purpose: 'password',
          attempt: this.tries,
        })
        if (answers === null) return this.deps.cancel()
        password = answers[0] ?? ''
      }
      memory.keep(this.passwordKey, password)
      yield { type: 'password', username: hop.user, password }
      if (this.partial) return
      memory.forget(this.passwordKey)
      if (!remembered && this.tries >= maxTries) return
    }
  }

  private async *interactiveAttempts(): AsyncGenerator<AnyAuthMethod, void, void> {
    const { hop, memory } = this.deps
    for (;;) {
      if (this.tries >= maxTries) return
      let rounds = 0
      let asked = false
      let usedMemory = false
      yield {
        type: 'keyboard-interactive',
        username: hop.user,
        prompt: (title, instruction, _language, prompts, finish) => {
          if (++rounds > maxRounds || prompts.length > maxPrompts) {
            finish([])
            return
          }
          const only = prompts.length === 1 ? prompts[0] : undefined
          const isPassword = only !== undefined && asksForPassword(only)
          const known = isPassword && !usedMemory && !asked ? memory.recall(this.passwordKey) : undefined
          if (known !== undefined) {
            usedMemory = true
            finish([known])
            return
          }
          if (!asked) this.tries++
          asked = true
          void this.ask({
            title: detailText(title, 200),
            instruction: detailText(instruction, 2000),
            prompts: prompts.map(({ prompt, echo }) => ({
              text: detailText(prompt, 500),
              echo: echo === true,
            })),
            purpose: 'keyboard-interactive',
            attempt: this.tries,
          }).then((answers) => {
            if (answers === null) return this.deps.cancel()
            if (isPassword) memory.keep(this.passwordKey, answers[0] ?? '')
            finish(prompts.map((_, index) => answers[index] ?? ''))
          })
        },
      }
      if (this.partial) return
      memory.forget(this.passwordKey)
      // A method that is offered but asks nothing would be tried for ever.
      if (rounds === 0) return
    }
  }

  private async ask(question: Omit<PromptQuestion, 'host'>): Promise<readonly string[] | null> {
    const { asker, hop, signal, whileAsking } = this.deps
    if (signal.aborted) return null
    return whileAsking(asker.prompt({ host: hop.name, ...question }, signal))
  }
}

function wireName(method: AuthMethod): 'publickey' | 'password' | 'keyboard-interactive' {
  return method.kind === 'agent' || method.kind === 'key' ? 'publickey' : method.kind
}

/** Such an answer may be given again on a second connection; a one-time code may not. */
function asksForPassword(prompt: Prompt): boolean {
  if (prompt.echo === true) return false
  return (
    /password|passwort|contraseña|mot de passe|密码|密碼|パスワード/i.test(prompt.prompt) &&
    !/one.?time|otp|token/i.test(prompt.prompt)
  )
}
