import { describe, expect, it } from 'vitest'
import { parseSocketUnits } from './socket-units'

const unit = (id: string, ...lines: readonly string[]): string =>
  [
    `Id=${id}`,
    'Description=A socket',
    'ActiveState=active',
    'UnitFileState=enabled',
    'Accept=no',
    ...lines,
  ].join('\n')

describe('socket units of systemd', () => {
  it('are told by the ports that they hold', () => {
    const output = [
      unit('ssh.socket', 'Listen=0.0.0.0:22 (Stream)', 'Listen=[::]:22 (Stream)', 'Triggers=ssh.service'),
      unit('dbus.socket', 'Listen=/run/dbus/system_bus_socket (Stream)'),
      unit('tftp.socket', 'Listen=127.0.0.1:69 (Datagram)', 'NConnections=2'),
      unit('kernel.socket', 'Listen=kobject-uevent 1 (Netlink)'),
      unit('all.socket', 'Listen=7001 (Stream)', 'Listen=[fe80::1]%eth0:7002 (Stream)'),
    ].join('\n\n')
    const units = parseSocketUnits(`${output}\n`)
    expect(
      units.map(({ id, listens }) => [
        id,
        ...listens.map(({ protocol, address, port }) => `${protocol} ${address} ${port}`),
      ]),
    ).toEqual([
      ['ssh.socket', 'tcp 0.0.0.0 22', 'tcp :: 22'],
      ['tftp.socket', 'udp 127.0.0.1 69'],
      ['all.socket', 'tcp * 7001', 'tcp fe80::1 7002'],
    ])
    expect(units[0]).toMatchObject({
      triggers: 'ssh.service',
      active: true,
      fileState: 'enabled',
      accept: false,
    })
    expect(units[1]?.connections).toBe(2)
    const [each] = parseSocketUnits('Id=tide.socket\nAccept=yes\nTriggers=\nListen=[::]:9131 (Stream)\n')
    expect(each).toMatchObject({ accept: true, triggers: 'tide@.service' })
  })

  it('are none where nothing is said', () => {
    expect(parseSocketUnits('')).toEqual([])
    expect(parseSocketUnits('Failed to connect to bus\n')).toEqual([])
  })
})
