import type { Practice } from '../../test/lab/practice/practice'
import { BalancerPage } from '../../test/e2e/pages/balancer-page'
import { ServicesPage } from '../../test/e2e/pages/services-page'
import { ChangeDialog, Window } from '../../test/e2e/pages/window'
import type { RunningApp } from '../../test/e2e/launch'
import { desktopStep } from './desktop'
import { hold, until, type Step } from './step'
import { terminalStep } from './terminal'

export type Tour = { readonly running: RunningApp; readonly practice: Practice }

/** The tour, in the order in which an administrator would go. */
export function tourSteps(tour: Tour): readonly Step[] {
  return [
    connect(tour),
    readServices(tour),
    changeService(tour),
    daemonAnswers(tour),
    terminalStep(tour),
    desktopStep(tour),
    balance(tour),
  ]
}

function connect({ running: { page }, practice }: Tour): Step {
  const harbor = practice.host('harbor')
  return {
    id: 'connect',
    title: 'Connect to harbor',
    what: 'First contact shows the host key; it is compared with the one on the host, then kept.',
    async run(picture) {
      await new Window(page).host('harbor').dblclick()
      const shown = await page.getByTestId('fingerprint').innerText()
      await picture('host-key')
      const own = await harbor.must(
        'for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -l -E sha256 -f "$key"; done',
      )
      hold(own.includes(shown), `${shown} is not a key of the host`, own)
      await page.getByTestId('hostkey-save').click()
      await page.getByTestId('overview').waitFor({ timeout: 30_000 })
      await page.getByTestId('load').waitFor({ timeout: 20_000 })
      const log = await harbor.must(
        'journalctl -u ssh -n 40 --no-pager -o cat | grep "Accepted publickey for admin" | tail -1',
      )
      return {
        sent: `ssh admin@${harbor.address}, key accepted after comparing\n${shown}`,
        answer: `${own}\n${log}`,
      }
    },
  }
}

function readServices({ running: { page }, practice }: Tour): Step {
  const harbor = practice.host('harbor')
  return {
    id: 'services',
    title: 'Read the services',
    what: 'What xinetd runs and what its files say, side by side.',
    async run() {
      await new Window(page).openSection('Services')
      const services = new ServicesPage(page)
      await services.row('status').waitFor()
      const listening = await harbor.must('ss -ltnH | sort -k4')
      for (const [service, port] of [
        ['status', 9101],
        ['notice', 9102],
        ['web-entry', 9103],
      ] as const) {
        const row = await services.row(service).innerText()
        hold(
          /running/.test(row) && row.includes(String(port)),
          `${service} is shown as running on ${String(port)}`,
          row,
        )
        hold(listening.includes(`:${String(port)} `), `something listens on ${String(port)}`, listening)
      }
      return {
        sent: 'one read-only script: files, pid, start time, sockets, the running state',
        answer: listening,
      }
    },
  }
}

function changeService({ running: { page }, practice }: Tour): Step {
  const harbor = practice.host('harbor')
  return {
    id: 'change',
    title: 'Move the service status to port 9141',
    what: 'A field in a form; the difference, the commands and who is disturbed are shown before anything happens.',
    async run(picture) {
      const services = new ServicesPage(page)
      const before = (await harbor.readFile('/etc/xinetd.d/status')).toString('utf8')
      await services.choose('status')
      await services.set('port', '9141')
      await picture('form')
      await services.review()
      const change = new ChangeDialog(page)
      await change.files.first().waitFor()
      await picture('preview')
      const sent = `${await change.files.first().innerText()}\n\n${(await change.commands.allInnerTexts()).join('\n')}`
      const outcome = await change.apply()
      hold(outcome === 'proved', 'the change is proved by the daemon', String(outcome))
      const after = (await harbor.readFile('/etc/xinetd.d/status')).toString('utf8')
      hold(after === before.replace('= 9101', '= 9141'), 'the port alone has changed in the file', after)
      return { sent, answer: await harbor.must('cat /etc/xinetd.d/status') }
    },
  }
}

function daemonAnswers({ running: { page }, practice }: Tour): Step {
  const harbor = practice.host('harbor')
  return {
    id: 'answer',
    title: 'The daemon answers on its new port',
    what: 'Asked over the network from another host, as a client would.',
    async run() {
      await page.keyboard.press('Escape')
      const row = new ServicesPage(page).row('status')
      const shown = await until(
        15,
        () => row.innerText(),
        (text) => text.includes('9141') && /running/.test(text),
      )
      hold(shown.includes('9141'), 'the table shows the new port', shown)
      const client = practice.host('jump1')
      const ask = (port: number) => `nc -w 3 ${harbor.address} ${String(port)} </dev/null`
      const answer = await client.must(ask(9141))
      hold(answer.includes('load average'), 'the new port answers', answer)
      const old = await client.sh(ask(9101))
      hold(old.code !== 0, 'the old port is closed', old.stdout)
      return {
        sent: `on jump1: ${ask(9141)}\non jump1: ${ask(9101)}`,
        answer: `${answer}\n(9101: connection refused)`,
      }
    },
  }
}

function balance({ running: { page }, practice }: Tour): Step {
  return {
    id: 'balancer',
    title: 'Add a real server to a virtual service',
    what: 'web2 joins the pool of news, and requests of a client reach both servers.',
    async run(picture) {
      const director = practice.host('director')
      const title = `tcp ${practice.news}:80`
      const client = practice.host('jump1')
      const script = `for n in 1 2 3 4 5 6; do curl -s -m 3 http://${practice.news}/; done`
      const alone = await client.must(script)
      hold(!alone.includes('web2'), 'web1 alone answers before', alone)
      const window = new Window(page)
      await window.connect('director')
      await window.openSection('Load balancer')
      const balancer = new BalancerPage(page)
      await balancer.service(title).waitFor({ timeout: 20_000 })
      await balancer.add(title, practice.host('web2').address, 8080)
      const change = new ChangeDialog(page)
      await change.commands.first().waitFor()
      await picture('preview')
      const sent = (await change.commands.allInnerTexts()).join('\n')
      const outcome = await change.apply()
      hold(outcome === 'proved', "the change is proved by the kernel's table", String(outcome))
      await page.keyboard.press('Escape')
      const both = await client.must(script)
      hold(both.includes('web1') && both.includes('web2'), 'both servers answer', both)
      const row = balancer.server(title, `${practice.host('web2').address}:8080`)
      const shown = await until(
        15,
        () => row.innerText(),
        (text) => /\b3\b\s*(?:Drain)?\s*$/.test(text),
      )
      hold(/\b3\b\s*(?:Drain)?\s*$/.test(shown), 'the table shows the three requests that web2 took', shown)
      const table = await director.must('ipvsadm -Ln')
      return { sent: `${sent}\n\non jump1: ${script}`, answer: `${both}\n${table}` }
    },
  }
}
