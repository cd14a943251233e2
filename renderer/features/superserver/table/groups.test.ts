import { describe, expect, it } from 'vitest'
import { resolve } from '../../../../shared/model/superserver'
import { hostWith, xinetdState } from '../../../../shared/model/superserver/fixtures.test-support'
import { grouped, groupings } from './groups'
import { rowsOf } from './rows'

const service = (name: string, port: number, user: string) =>
  `service ${name}\n{\n\ttype = UNLISTED\n\tsocket_type = stream\n\twait = no\n\tport = ${port}\n\tuser = ${user}\n\tserver = /bin/cat\n}\n`
const xinetd = xinetdState('includedir /etc/xinetd.d\n', {
  b: service('one', 7001, 'root') + service('two', 7002, 'nobody'),
  a: service('three', 7003, 'root').replace('}', '\tdisable = yes\n}'),
})
const unit = {
  id: 'tide.socket',
  description: '',
  active: true,
  fileState: 'enabled',
  accept: true,
  connections: 0,
  triggers: 'tide@.service',
  path: '/etc/systemd/system/tide.socket',
  listens: [{ protocol: 'tcp', address: '*', port: 9131 }],
} as const
const rows = rowsOf({ ...hostWith(xinetd), units: [unit] }, resolve(xinetd))
const told = (by: (typeof groupings)[number]) =>
  grouped(rows, by).map(({ name, group }) =>
    group === undefined ? name : `${group.label}: ${group.rows.map((row) => row.name).join(' ')}`,
  )

describe('groups of services', () => {
  it('are by who holds them and by state in the order of the table, by user and file by name', () => {
    expect(told('none')).toEqual(rows.map(({ name }) => name))
    expect(told('source')).toEqual(['xinetd: one two three', 'systemd: tide.socket'])
    expect(told('state')).toEqual(['enabled: one tide.socket two', 'disabled: three'])
    expect(told('user')).toEqual(['nobody: two', 'root: one three', ': tide.socket'])
    expect(told('file')).toEqual([
      '/etc/systemd/system/tide.socket: tide.socket',
      '/etc/xinetd.d/a: three',
      '/etc/xinetd.d/b: one two',
    ])
  })

  it('have keys of their own', () => {
    for (const by of groupings) {
      const lines = grouped(rows, by)
      const keys = [...lines, ...lines.flatMap(({ group }) => group?.rows ?? [])].map(({ key }) => key)
      expect(new Set(keys).size).toBe(keys.length)
    }
  })
})
