import { describe, expect, it } from 'vitest'
import type { Question } from '../../shared/contract/question'
import { QuestionDesk } from './questions'

const ask = {
  host: 'harbor',
  title: 'sudo',
  instruction: '',
  prompts: [{ text: 'Password', echo: false }],
  purpose: 'sudo',
  attempt: 1,
} as const

function desk() {
  const events: (readonly [string, unknown])[] = []
  return { events, desk: new QuestionDesk((name, payload) => events.push([name, payload])) }
}

describe('questions', () => {
  it('gives the answer to who asked, and takes the question away', async () => {
    const { desk: it, events } = desk()
    const answer = it.prompt(ask, new AbortController().signal)
    const [question] = it.list()
    expect(question).toMatchObject({ kind: 'prompt', host: 'harbor', attempt: 1 })
    expect(it.answer(question?.id ?? '', { kind: 'prompt', values: ['secret'] }).ok).toBe(true)
    expect(await answer).toEqual(['secret'])
    expect(events.map(([name]) => name)).toEqual(['question.asked', 'question.gone'])
    expect(JSON.stringify(events)).not.toContain('secret')
    expect(it.list()).toEqual([])
  })

  it('takes an answer once, and only one that fits', async () => {
    const { desk: it } = desk()
    const answer = it.prompt(ask, new AbortController().signal)
    const id = it.list()[0]?.id ?? ''
    expect(it.answer(id, { kind: 'hostKey', decision: 'accept-once' })).toMatchObject({ ok: false })
    expect(it.answer(id, { kind: 'prompt', values: [] })).toMatchObject({ ok: false })
    expect(it.answer(id, { kind: 'cancel' }).ok).toBe(true)
    expect(await answer).toBeNull()
    expect(it.answer(id, { kind: 'cancel' })).toMatchObject({ ok: false, problem: { code: 'app.notFound' } })
  })

  it('refuses a host key when the user closes the question', async () => {
    const { desk: it } = desk()
    const answer = it.hostKey(
      { host: 'h', address: 'a', port: 22, algorithm: 'x', sha256: 's', md5: 'm', otherKnown: [] },
      new AbortController().signal,
    )
    it.answer(it.list()[0]?.id ?? '', { kind: 'cancel' })
    expect(await answer).toBe('refuse')
  })

  it('is withdrawn when nobody waits for it any more', async () => {
    const { desk: it, events } = desk()
    const gone = new AbortController()
    const answer = it.prompt(ask, gone.signal)
    gone.abort()
    expect(await answer).toBeNull()
    expect(events.at(-1)?.[0]).toBe('question.gone')
    expect(await it.prompt(ask, gone.signal)).toBeNull()
    const late = it.prompt(ask, new AbortController().signal)
    it.dispose()
    expect(await late).toBeNull()
  })

  it('lists each open question', () => {
    const { desk: it } = desk()
    void it.prompt(ask, new AbortController().signal)
    void it.prompt({ ...ask, attempt: 2 }, new AbortController().signal)
    expect(it.list().map((question: Question) => question.kind)).toEqual(['prompt', 'prompt'])
    it.dispose()
  })
})
