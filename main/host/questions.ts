import { randomUUID } from 'node:crypto'
import { fail, ok, type Answer } from '../../shared/contract/answer'
import { problem } from '../../shared/contract/problem'
import type { Question, QuestionAnswer } from '../../shared/contract/question'
import type { Asker } from '../ssh/asker'

interface Open {
  readonly question: Question
  readonly resolve: (answer: QuestionAnswer) => void
}

type Emit = {
  (name: 'question.asked', payload: Question): void
  (name: 'question.gone', payload: { readonly id: string }): void
}

/**
 * Questions that wait for the user. Answers pass through to whoever asked: they are kept nowhere here and
 * never logged. A question whose asker gives up is taken from the screen.
 */
export class QuestionDesk implements Asker {
  readonly #open = new Map<string, Open>()
  readonly #emit: Emit

  constructor(emit: Emit) {
    this.#emit = emit
  }

  list(): readonly Question[] {
    return [...this.#open.values()].map(({ question }) => question)
  }

  answer(id: string, answer: QuestionAnswer): Answer<null> {
    const open = this.#open.get(id)
    if (open === undefined) return fail(problem('app.notFound', { what: 'question' }))
    if (!fits(open.question, answer))
      return fail(problem('app.invalidRequest', { method: 'question.answer' }))
    open.resolve(answer)
    return ok(null)
  }

  prompt: Asker['prompt'] = async (question, signal) => {
    const answer = await this.#ask({ kind: 'prompt', id: randomUUID(), ...question }, signal)
    return answer.kind === 'prompt' ? answer.values : null
  }

  hostKey: Asker['hostKey'] = async (question, signal) => {
    const answer = await this.#ask({ kind: 'hostKey', id: randomUUID(), ...question }, signal)
    return answer.kind === 'hostKey' ? answer.decision : 'refuse'
  }

  dispose(): void {
    for (const { resolve } of [...this.#open.values()]) resolve({ kind: 'cancel' })
  }

  #ask(question: Question, signal: AbortSignal): Promise<QuestionAnswer> {
    if (signal.aborted) return Promise.resolve({ kind: 'cancel' })
    return new Promise((done) => {
      const withdraw = () => resolve({ kind: 'cancel' })
      const resolve = (answer: QuestionAnswer) => {
        signal.removeEventListener('abort', withdraw)
        if (!this.#open.delete(question.id)) return
        this.#emit('question.gone', { id: question.id })
        done(answer)
      }
      this.#open.set(question.id, { question, resolve })
      signal.addEventListener('abort', withdraw)
      this.#emit('question.asked', question)
    })
  }
}

function fits(question: Question, answer: QuestionAnswer): boolean {
  if (answer.kind === 'cancel') return true
  if (answer.kind !== question.kind) return false
  if (answer.kind === 'prompt' && question.kind === 'prompt')
    return answer.values.length === question.prompts.length
  return true
}
