import { describe, expect, it } from 'vitest'
import { edited } from './plan'
import { superserverIntentSchema } from './intent'
import { filesOf } from './file-list'
import { hostWith, image, names, xinetdState } from './fixtures.test-support'
import type { InetdState, SuperserverState } from './state'

const service = (name: string): string => `service ${name}
{
	socket_type = stream
	wait = no
	user = root
	server = /bin/cat
}
`
const inetd: InetdState = {
  dialect: 'openbsd',
  daemon: null,
  files: {
    '/etc/inetd.conf': {
      kind: 'file',
      ...image('echo stream tcp nowait root internal\ndaytime flow tcp nowait root /bin/cat\n'),
    },
  },
  names,
  owner: null,
}
const fates = (state: SuperserverState) =>
  filesOf(state).map(({ depth, path, fate }) => `${'  '.repeat(depth)}${path} ${fate}`)

describe('files of the super-servers', () => {
  it('stand in the order in which the daemons come to them, with what becomes of each', () => {
    const xinetd = xinetdState(
      'include /etc/more\nincludedir /etc/xinetd.d\ninclude /etc/gone\nincludedir /etc/none\n',
      { telnet: service('telnet'), 'old.conf': '', 'copy~': '', Big: service('nobody-knows'), pipe: '' },
      { daemon: null },
    )
    const files = {
      ...xinetd.files,
      '/etc/more': { kind: 'file' as const, ...image(service('daytime')) },
      '/etc/gone': { kind: 'missing' as const },
      '/etc/xinetd.d/pipe': { kind: 'unreadable' as const, why: 'notRegular' as const },
    }
    const state = { ...hostWith({ ...xinetd, files }), inetd }
    expect(fates(state)).toEqual([
      '/etc/xinetd.conf read',
      '  /etc/more read',
      '  /etc/xinetd.d directory',
      '    /etc/xinetd.d/Big read',
      '    /etc/xinetd.d/copy~ tilde',
      '    /etc/xinetd.d/old.conf dot',
      '    /etc/xinetd.d/pipe notRegular',
      '    /etc/xinetd.d/telnet read',
      '  /etc/gone missing',
      '  /etc/none missing',
      '/etc/inetd.conf read',
    ])
    const counted = filesOf(state)
      .filter(({ fate }) => fate === 'read')
      .map(({ services, findings, bad }) => [services, findings, bad])
    expect(counted).toEqual([
      [0, 2, 0],
      [1, 0, 0],
      [1, 1, 1],
      [1, 0, 0],
      [2, 1, 1],
    ])
  })

  it('tell where a file leads back to itself, and end there', () => {
    const rows = filesOf(hostWith(xinetdState('include /etc/xinetd.conf\n', {}, { daemon: null })))
    expect(rows.at(-1)).toMatchObject({ path: '/etc/xinetd.conf', fate: 'loop' })
    expect(rows.length).toBeLessThan(30)
  })

  it('are edited as text, each, and judged as they would be', () => {
    const state = { ...hostWith(xinetdState('include /etc/more\n', {}, { daemon: null })), inetd }
    const file = state.inetd.files['/etc/inetd.conf']
    const after = edited(
      state,
      superserverIntentSchema.parse({
        capability: 'superserver',
        kind: 'editText',
        path: '/etc/inetd.conf',
        digest: file?.kind === 'file' ? file.digest : '',
        text: 'echo stream tcp nowait root internal\n',
      }),
    )
    expect(after.ok && filesOf(after.value).at(-1)).toMatchObject({ services: 1, findings: 0, bad: 0 })
  })
})
