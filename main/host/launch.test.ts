import { describe, expect, it } from 'vitest'
import { launch, type Way } from './launch'

const account = { user: 'pat', host: 'harbor' }
const ways: readonly Way[] = [false, true].flatMap((flag): readonly Way[] => [
  { kind: 'login', pty: flag },
  { kind: 'sudo', program: '/usr/bin/sudo', pty: false, password: flag },
  { kind: 'sudo', program: '/usr/local/bin/sudo', pty: true, password: flag },
  { kind: 'doas', program: '/usr/bin/doas', account, password: flag },
])

describe('the command that starts a shell', () => {
  it.each(ways.map((way) => [JSON.stringify(way), way] as const))(
    'says neither its prompt nor its mark by itself: %s',
    (_, way) => {
      const { command, prompt, ready } = launch(way, 'c0ffee')
      expect(command).not.toMatch(/[!\n]/)
      for (const mark of [prompt, ready])
        if (mark !== null) expect(command).not.toContain(Buffer.from(mark).toString().trim())
    },
  )

  it('asks for no password where none is to be given', () => {
    for (const way of ways)
      expect(launch(way, 'c0ffee').prompt !== null).toBe(way.kind !== 'login' && way.password)
  })

  it.each(['sudo', '/usr/bin/su do', "/usr/bin/sudo'; reboot; '", '/bin/$(id)', '/a\nb'])(
    'runs nothing like %j',
    (program) => {
      expect(() => launch({ kind: 'sudo', program, pty: false, password: true }, 'c0ffee')).toThrow(
        RangeError,
      )
    },
  )
})
