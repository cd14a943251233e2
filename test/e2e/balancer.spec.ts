import { practice } from '../lab/practice/practice'
import { expect, test } from './fixture'
import { BalancerPage } from './pages/balancer-page'
import { ChangeDialog, Window } from './pages/window'
import { homeWith, type Known } from './user'

const director = () => practice().host('director')
const home = (more: Partial<Known> = {}) => {
  const { name, address, hostKeys } = director()
  return homeWith(practice().lab, [{ name, address, hostKeys, ...more }])
}
const news = () => practice().news
const newsTitle = () => `tcp ${news()}:80`
const web2 = () => `${practice().host('web2').address}:8080`

/** What the director's kernel says of the virtual service. */
const table = () =>
  director()
    .sh(`ipvsadm -Ln -t ${news()}:80`)
    .then(({ stdout }) => stdout)
/** Which servers answer, asked from another host of the front network, as a client. */
const answers = async (requests: number) => {
  const script = `for n in $(seq ${requests}); do curl -s -m 3 http://${news()}/; done`
  const { stdout } = await practice().host('jump1').sh(script)
  return new Set(stdout.match(/web\d/g) ?? [])
}

test.describe('real servers of a virtual service', () => {
  let saved = ''
  test.beforeEach(async () => {
    saved = (await director().sh('ipvsadm -Sn')).stdout
  })
  test.afterEach(async () => {
    await director().sh(`ipvsadm -C; ipvsadm -R`, { input: saved })
  })

  test('a server is added, weighed, drained and removed, and clients notice', async ({ launch }) => {
    const { page } = await launch({ home: home() })
    const window = new Window(page)
    const balancer = new BalancerPage(page)
    const change = new ChangeDialog(page)
    const applied = async () => {
      expect(await change.apply()).toBe('proved')
      await page.keyboard.press('Escape')
    }
    await window.connect('director')
    await window.openSection('Load balancer')
    await expect(balancer.service(newsTitle())).toContainText('scheduler rr')
    expect(await answers(4)).toEqual(new Set(['web1']))

    await balancer.add(newsTitle(), practice().host('web2').address, 8080)
    await expect(change.commands).toContainText(`ipvsadm -a -t ${news()}:80 -r ${web2()} -m -w 1`)
    expect(await table(), 'nothing is done before it is applied').not.toContain(web2())
    await applied()
    const server = balancer.server(newsTitle(), web2())
    await expect(server).toBeVisible()
    expect(await answers(6)).toEqual(new Set(['web1', 'web2']))

    await balancer.setWeight(newsTitle(), web2(), 5)
    await applied()
    expect(await table()).toMatch(new RegExp(`${web2()}\\s+Masq\\s+5\\b`))

    await server.getByRole('button', { name: 'Drain' }).click()
    await applied()
    await expect(server).toContainText('drained')
    expect(await answers(4)).toEqual(new Set(['web1']))

    await server.getByRole('button', { name: /^Remove/ }).click()
    await applied()
    await expect(server).toHaveCount(0)
    expect(await table()).not.toContain(web2())
  })

  test('a table that keepalived owns is shown, and its edits are refused with the reason', async ({
    launch,
  }) => {
    const web1 = practice().host('web1').address
    const configuration = `virtual_server ${news()} 80 {
  lb_algo rr
  lb_kind NAT
  protocol TCP
  real_server ${web1} 8080 {
    weight 1
  }
}
`
    await director().writeFile('/tmp/owner.conf', configuration)
    await director().sh('keepalived --check -f /tmp/owner.conf -p /run/wharf-keepalived.pid; sleep 1')
    try {
      const { page } = await launch({ home: home() })
      const window = new Window(page)
      const balancer = new BalancerPage(page)
      await window.connect('director')
      await window.openSection('Load balancer')
      await expect(balancer.owner).toContainText('keepalived owns this table')
      await expect(balancer.owner).toContainText('/tmp/owner.conf')
      const add = balancer.service(newsTitle()).getByRole('button', { name: 'Add real server' })
      await expect(add).toBeDisabled()
      // Past the window, too.
      const answer = await page.evaluate(
        async ({ address, server }) =>
          globalThis.window.wharfmaster.call('change.plan', {
            host: 'director',
            intent: {
              capability: 'balancer',
              kind: 'setWeight',
              service: { kind: 'address', protocol: 'tcp', address, port: 80 },
              server: { address: server, port: 8080 },
              weight: 9,
            },
          }),
        { address: news(), server: web1 },
      )
      expect(answer).toMatchObject({ ok: false, problem: { code: 'balancer.ownedByKeepalived' } })
    } finally {
      await director().sh('kill "$(cat /run/wharf-keepalived.pid)"; rm -f /tmp/owner.conf; sleep 1')
    }
  })
})
