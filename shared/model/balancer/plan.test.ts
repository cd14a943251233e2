import { describe, expect, it } from 'vitest'
import { balancerIntentSchema, plan, readTable, type BalancerIntent, type BalancerState } from './index'
import { listing, saved, thresholds, totals } from './listings.test-support'

const state: BalancerState = {
  host: 'director',
  ipvs: 'ready',
  version: '1.31',
  services: readTable({ listing, thresholds, totals, saved }),
  owner: null,
  saved,
  timeouts: { tcp: 900, tcpfin: 120, udp: 300 },
}
const web = { kind: 'address', protocol: 'tcp', address: '198.18.2.204', port: 80 } as const
const first = { address: '10.0.0.1', port: 8080 }
const intend = (intent: object): BalancerIntent =>
  balancerIntentSchema.parse({ capability: 'balancer', ...intent })

/** The commands of a plan: what is set, and what takes it back. */
function commands(intent: object, of: BalancerState = state) {
  const answer = plan(of, intend(intent))
  if (!answer.ok) return answer.problem.code
  return answer.value.parts.flatMap(({ steps }) =>
    steps.map((step) =>
      step.kind === 'runtime' && step.set.kind === 'argv' && step.restore.kind === 'argv'
        ? { set: step.set.argv.join(' '), restore: step.restore.argv.join(' ') }
        : step.kind,
    ),
  )
}

describe('a plan of the balancer', () => {
  it('adds a real server and takes it back by deleting it', () => {
    const server = { address: '10.0.0.3', port: 8080 }
    expect(commands({ kind: 'addServer', service: web, server, weight: 2, forwarding: 'masq' })).toEqual([
      {
        set: 'ipvsadm -a -t 198.18.2.204:80 -r 10.0.0.3:8080 -m -w 2 -x 0 -y 0',
        restore: 'ipvsadm -d -t 198.18.2.204:80 -r 10.0.0.3:8080',
      },
    ])
  })

  it('changes a weight and leaves the rest of the server as it is', () => {
    const server = { address: '10.0.0.2', port: 8080 }
    expect(commands({ kind: 'setWeight', service: web, server, weight: 7 })).toEqual([
      {
        set: 'ipvsadm -e -t 198.18.2.204:80 -r 10.0.0.2:8080 -m -w 7 -x 100 -y 50',
        restore: 'ipvsadm -e -t 198.18.2.204:80 -r 10.0.0.2:8080 -m -w 1 -x 100 -y 50',
      },
    ])
  })

  it('keeps the tunnel of a server whose weight it changes', () => {
    const mark = { kind: 'mark', mark: 7, ipv6: false }
    expect(
      commands({ kind: 'drain', service: mark, server: { address: '10.0.0.9', port: 0 } }),
    ).toMatchObject([
      { set: 'ipvsadm -e -f 7 -r 10.0.0.9:0 -i -w 0 -x 0 -y 0 --tun-type gue --tun-port 6080 --tun-csum' },
    ])
  })

  it('knows an address however it is written', () => {
    const service = { kind: 'address', protocol: 'tcp', address: 'FD00:0:0::0001', port: 443 }
    expect(
      commands({ kind: 'removeServer', service, server: { address: 'fd00:0::2', port: 443 } }),
    ).toMatchObject([{ set: 'ipvsadm -d -t [fd00::1]:443 -r [fd00::2]:443' }])
  })

  it('says whom a removal disturbs, and that the table is not saved', () => {
    const answer = plan(state, intend({ kind: 'removeServer', service: web, server: first }))
    const disturbs = answer.ok ? answer.value.parts.flatMap((part) => part.disturbs) : []
    expect(disturbs.map(({ what, degree }) => [what.key, degree])).toEqual([
      ['balancer.disturb.removed', 'sessions'],
      ['balancer.disturb.notAtBoot', 'notice'],
    ])
  })

  it('says that draining the last server closes the service', () => {
    const service = { kind: 'address', protocol: 'udp', address: '198.18.2.204', port: 53 }
    const answer = plan(state, intend({ kind: 'drain', service, server: { address: '10.0.0.2', port: 53 } }))
    const degrees = answer.ok
      ? answer.value.parts.flatMap((part) => part.disturbs.map((found) => found.degree))
      : []
    expect(degrees).toContain('outage')
  })

  it('proves what it asked for', () => {
    const answer = plan(state, intend({ kind: 'setWeight', service: web, server: first, weight: 9 }))
    expect(answer.ok && answer.value.parts[0]?.proof).toEqual({
      capability: 'balancer',
      expect: {
        present: [
          { key: '-t 198.18.2.204:80 > 10.0.0.1:8080', forwarding: 'masq', weight: 9, upper: 0, lower: 0 },
        ],
        absent: [],
      },
    })
  })

  it.each([
    [
      'balancer.serverExists',
      { kind: 'addServer', service: web, server: first, weight: 1, forwarding: 'masq' },
    ],
    ['balancer.unknownService', { kind: 'drain', service: { ...web, port: 81 }, server: first }],
    ['balancer.unknownServer', { kind: 'drain', service: web, server: { address: '10.9.9.9', port: 1 } }],
    ['balancer.nothingToDo', { kind: 'setWeight', service: web, server: first, weight: 3 }],
    [
      'balancer.mixedFamilies',
      {
        kind: 'addServer',
        service: web,
        server: { address: 'fd00::9', port: 80 },
        weight: 1,
        forwarding: 'masq',
      },
    ],
    [
      'balancer.portDiffers',
      {
        kind: 'addServer',
        service: web,
        server: { address: '10.0.0.4', port: 81 },
        weight: 1,
        forwarding: 'route',
      },
    ],
    [
      'balancer.thresholds',
      {
        kind: 'addServer',
        service: web,
        server: { address: '10.0.0.4', port: 80 },
        weight: 1,
        forwarding: 'masq',
        upper: 5,
        lower: 9,
      },
    ],
  ])('refuses with %s', (code, intent) => {
    expect(commands(intent)).toBe(code)
  })

  it('refuses to write a table that is another’s, and one it cannot read', () => {
    const intent = { kind: 'drain', service: web, server: first }
    const keepalived = {
      kind: 'keepalived',
      pid: 7,
      configuration: '/etc/keepalived/keepalived.conf',
    } as const
    expect(commands(intent, { ...state, owner: keepalived })).toBe('balancer.ownedByKeepalived')
    expect(commands(intent, { ...state, owner: { kind: 'kubeProxy', pid: null } })).toBe(
      'balancer.ownedByKubeProxy',
    )
    expect(commands(intent, { ...state, ipvs: 'noPrivilege' })).toBe('balancer.unavailable')
  })

  it.each(['10.0.0.1; reboot', '-d', '$(id)', 'web1', '', '010.0.0.1', '1', '1.2.3.4%eth0', 'fe80::1%eth0'])(
    'takes no address like %j',
    (address) => {
      const intent = { capability: 'balancer', kind: 'drain', service: web, server: { address, port: 80 } }
      expect(balancerIntentSchema.safeParse(intent).success).toBe(false)
    },
  )
})
