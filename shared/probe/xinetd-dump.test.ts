import { describe, expect, it } from 'vitest'
import { parseXinetdDump } from './xinetd-dump'

/** As xinetd 2.3.15.3 wrote it, shortened. */
const BLOCK = `INTERNAL STATE DUMP: 2.3.15.3
Current time: Mon Nov 23 05:05:32 2026

Services + defaults:
Service defaults
	Instances = 7
	Bind = All addresses.
	Only from: All sites
Service = sleepy
	State = Active
	Service configuration: sleepy
		id = sleepy-tcp
		flags = IPv6
		type = UNLISTED
		socket_type = stream
		Protocol (name,number) = (tcp,6)
		port = 7777
		Instances = 5
		wait = no
		user = 0
		CPS = max conn:20 wait:5
		Bind = All addresses.
		Only from:  10.0.0.0/255.0.0.0(NET) 127.0.0.1(NUMERIC)
		Environment strings:
			SECRET=hidden
			id = not-this
	running servers = 1
	retry servers = 0
	attempts = 0
	service fd = 5

Service = mux
	State = Not started
	Service configuration: mux
		id = mux
		type = UNLISTED TCPMUX
		socket_type = stream
		Protocol (name,number) = (tcp,6)
		wait = no

Server table dump:
sleepy-tcp server
pid = 18371
start_time = Mon Nov 23 05:05:31 2026
Connection info:
	service = sleepy-tcp
	descriptor = -1
	flags = 3
	remote_address = ::ffff:127.0.0.1,45094
log_remote_user = NO
writes_to_log = NO

lonely server
pid = 18372
start_time = Mon Nov 23 05:05:31 2026
Connection info:
	COULDN'T GET PEER
log_remote_user = NO


Retry table dump:

Socket mask: 5 6 3
active_services = 2
available_services = 2
running_servers = 2

config_file = /etc/xinetd.conf

END OF DUMP

`

describe('xinetd.dump', () => {
  it('reads services, their state, and who is connected', () => {
    expect(parseXinetdDump(BLOCK)).toMatchObject({
      version: '2.3.15.3',
      time: 'Mon Nov 23 05:05:32 2026',
      configuration: '/etc/xinetd.conf',
      defaults: { Instances: '7', Bind: 'All addresses.', 'Only from': 'All sites' },
      services: [
        {
          name: 'sleepy',
          id: 'sleepy-tcp',
          state: 'Active',
          protocol: 'tcp',
          port: 7777,
          running: 1,
          attributes: {
            Instances: '5',
            CPS: 'max conn:20 wait:5',
            'Only from': '10.0.0.0/255.0.0.0(NET) 127.0.0.1(NUMERIC)',
          },
        },
        { name: 'mux', id: 'mux', state: 'Not started', port: null, running: 0 },
      ],
      servers: [
        {
          id: 'sleepy-tcp',
          pid: 18371,
          started: 'Mon Nov 23 05:05:31 2026',
          peer: { address: '::ffff:127.0.0.1', port: 45094 },
        },
        { id: 'lonely', pid: 18372, peer: null },
      ],
    })
  })

  it('leaves the environment out', () => {
    expect(JSON.stringify(parseXinetdDump(BLOCK))).not.toContain('hidden')
  })

  it('takes the last whole block', () => {
    const second = BLOCK.replace('05:05:32', '06:00:00')
    expect(parseXinetdDump(BLOCK + second)?.time).toBe('Mon Nov 23 06:00:00 2026')
    expect(parseXinetdDump(BLOCK + second.slice(0, 400))?.time).toBe('Mon Nov 23 05:05:32 2026')
    expect(parseXinetdDump(BLOCK.slice(0, 400))).toBeNull()
    expect(parseXinetdDump('')).toBeNull()
  })
})
