import { describe, expect, it } from 'vitest'
import { edited, plan } from '../plan'
import { superserverIntentSchema } from '../intent'
import { hostWith, xinetdState } from '../fixtures.test-support'
import type { SuperserverState } from '../state'
import { heldBackBy, inheritorsOf } from './defaults'
import { resolve } from './resolve'

const service = (id: string, port: number, more = ''): string => `service ${id}
{
	type = UNLISTED
	socket_type = stream
	protocol = tcp
	port = ${port}
	wait = no
	user = nobody
	server = /bin/cat
${more}}
`
const MAIN = `# Ours. Ask Li.

# for all
defaults
{
	instances = 5
	only_from = 10.0.0.0/8
}

includedir /etc/xinetd.d
`
const FILES = {
  a: service('a', 9001),
  b: service('b', 9002, '\tinstances = 2\n\tonly_from += 192.0.2.7\n'),
  c: service('c', 9003, '\tonly_from = 192.0.2.7\n'),
}
const state = (main = MAIN) => hostWith(xinetdState(main, FILES, { daemon: null }))
const resolved = (of: SuperserverState) => {
  if (of.xinetd === null) throw new Error('no xinetd')
  return resolve(of.xinetd)
}
const defaults = { path: '/etc/xinetd.conf' }
const edit = (set: object, more: object = {}) =>
  superserverIntentSchema.parse({ capability: 'superserver', kind: 'editDefaults', defaults, set, ...more })
const after = (main: string, set: object, more: object = {}): string => {
  const made = edited(state(main), edit(set, more))
  if (!made.ok) throw new Error(made.problem.code)
  const file = made.value.xinetd?.files['/etc/xinetd.conf']
  return file?.kind === 'file' ? file.text : ''
}
const refused = (main: string, set: object, more: object = {}) => {
  const made = plan(state(main), edit(set, more))
  if (made.ok) throw new Error('a plan was made')
  return made.problem
}

describe('defaults as a form has them', () => {
  it('are one block with what it says, and what the daemon does without it', () => {
    expect(resolved(state()).defaultsBlocks).toMatchObject([
      {
        path: '/etc/xinetd.conf',
        line: 4,
        occurrence: 0,
        isWritten: true,
        settings: {
          instances: { values: ['5'], origin: 'own' },
          cps: { values: ['50', '10'], origin: 'builtin' },
        },
      },
    ])
  })

  it('are several where an included file has its own, and each says what comes from the other', () => {
    const [first, second] = resolved(
      state(`${MAIN}include /etc/xinetd.d/a\n`.replace('includedir /etc/xinetd.d\n', '')),
    ).defaultsBlocks
    expect(second).toBeUndefined()
    expect(first?.settings['instances']?.origin).toBe('own')
    const both = hostWith(
      xinetdState(MAIN, { a: 'defaults\n{\n\tinstances = 9\n\tumask = 022\n}\n' }, { daemon: null }),
    )
    const [main, other] = resolved(both).defaultsBlocks
    expect(main?.settings).toMatchObject({ instances: { origin: 'own' }, umask: { origin: 'defaults' } })
    expect(other?.settings).toMatchObject({
      instances: { values: ['5'], origin: 'defaults' },
      umask: { origin: 'own' },
    })
    expect(other?.diagnostics).toMatchObject([{ code: 'alreadySet', line: 3 }])
  })

  it('tell who takes a value, or builds on it', () => {
    const resolution = resolved(state())
    const heirs = (name: string) => inheritorsOf(resolution, name).map(({ id }) => id)
    expect(heirs('instances')).toEqual(['a', 'c'])
    expect(heirs('only_from')).toEqual(['a', 'b'])
    expect(heirs('cps')).toEqual([])
  })

  it('tell whom their lists hold back', () => {
    const with_ = (line: string) => resolved(state(MAIN.replace('\tinstances = 5', `\t${line}`)))
    const held = (line: string, list: 'enabled' | 'disabled') =>
      heldBackBy(with_(line), list).map(({ id }) => id)
    expect(held('disabled = a c', 'disabled')).toEqual(['a', 'c'])
    expect(held('enabled = a', 'enabled')).toEqual(['b', 'c'])
  })
})

describe('an edit of defaults', () => {
  it('changes the lines that it must, and the comment', () => {
    expect(after(MAIN, { instances: ['8'], cps: ['20', '5'] }, { comment: ['for all of us'] })).toBe(
      MAIN.replace('= 5', '= 8')
        .replace('10.0.0.0/8\n', '10.0.0.0/8\n\tcps       = 20 5\n')
        .replace('# for all', '# for all of us'),
    )
    expect(
      after(MAIN, {
        only_from: [
          { operator: '=', values: ['10.0.0.0/8'] },
          { operator: '-=', values: ['10.0.0.0/8'] },
        ],
      }),
    ).toBe(MAIN.replace('10.0.0.0/8\n', '10.0.0.0/8\n\tonly_from -= 10.0.0.0/8\n'))
  })

  const block = 'defaults\n{\n\tinstances\t\t= 8\n}\n'
  it.each([
    ['includedir /etc/xinetd.d\n', `${block}\nincludedir /etc/xinetd.d\n`],
    ['# Ours.\n\n# all\ninclude /etc/more\n', `# Ours.\n\n${block}\n# all\ninclude /etc/more\n`],
    ['# Ours.', `# Ours.\n\n${block}`],
    ['', block],
  ])('writes them before everything that would not inherit from them: %j', (main, whole) => {
    expect(after(main, { instances: ['8'] }).replace(/\t+= 8/, '\t\t= 8')).toBe(whole)
    const made = edited(state(main), edit({ instances: ['8'] }))
    expect(made.ok && resolved(made.value).defaults['instances']?.values).toEqual(['8'])
  })

  it('is called by its file, and refused where another block is meant', () => {
    const made = plan(state(), edit({ instances: ['8'] }))
    expect(made).toMatchObject({
      value: { title: { key: 'xinetd.change.editDefaults', params: { path: '/etc/xinetd.conf' } } },
    })
    expect(refused(MAIN, { instances: ['8'] }, { defaults: { ...defaults, occurrence: 1 } })).toMatchObject({
      code: 'superserver.unknownService',
    })
  })

  it('is refused where xinetd would end, ignore it, or drop a service for it', () => {
    expect(refused(MAIN, { umask: ['888'] })).toMatchObject({
      code: 'superserver.wouldExit',
      params: { cause: 'badDefault', path: '/etc/xinetd.conf', line: 8 },
    })
    const log = { operator: '=', values: ['SYSLOG', 'daemon'] }
    expect(refused(MAIN, { log_type: [log, log] })).toMatchObject({ code: 'superserver.wouldExit' })
    expect(refused(MAIN, { bind: ['127.0.0.1', '127.0.0.2'] })).toMatchObject({
      code: 'superserver.wouldIgnore',
      params: { attribute: 'bind', value: '127.0.0.1 127.0.0.2', cause: 'wrongCount' },
    })
    expect(refused(MAIN, { log_on_success: ['TRAFFIC'] })).toMatchObject({
      code: 'superserver.wouldRefuse',
      params: { cause: 'trafficWithoutRedirect' },
    })
  })
})
