import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { redirectIn } from '../../../shared/model/superserver'
import { scriptOf } from '../../../shared/model/superserver/failover/script'
import type { Host } from '../../lab/host'
import { openLab, type Lab } from '../../lab/lab'

/**
 * The script itself, round by round as a timer would have it, under the shells that hosts have. Whether a target answers
 * is a file: what tries a connection is a program in front of the others.
 */
const file = '/srv/gate/gate'
const block = (target: string, candidates: string) => `# 入口 — ask Li
# candidates: ${candidates}
service gate
{
	type      = UNLISTED
	redirect	=  ${target}
	port      = 9330
}
`
const three = '10.9.9.1 80, 10.9.9.2:80, 10.9.9.3 80'
const name = 'wharfmaster-failover-gate'
const settings = { id: 'gate', path: file, pidfile: '/srv/gate/pid', everySeconds: 1, fall: 3 }

let lab: Lab
let host: Host
beforeAll(async () => {
  lab = await openLab()
  host = await lab.host({
    name: 'rounds',
    run: `mkdir -p /srv/gate /srv/up /srv/bin
      # Stands in for a connection: bash -c WORDS try HOST PORT.
      printf '%s\\n' '#!/bin/sh' '[ -e "/srv/up/$4" ]' >/srv/bin/bash
      printf '%s\\n' '#!/bin/sh' 'shift 5; echo "$@" >>/srv/log' >/srv/bin/logger
      chmod 755 /srv/bin/*; ln -s "$(command -v busybox)" /srv/busybox`,
  })
})
afterAll(() => lab.close())

describe.each(['/bin/dash', '/srv/busybox ash'])('rounds under %s', (shell) => {
  const put = async (rise: number | 'stay', text: string) => {
    const script = scriptOf({ ...settings, rise }).replace('PATH=/usr/sbin', 'PATH=/srv/bin:/usr/sbin')
    await host.writeFile('/srv/script', script)
    await host.writeFile(file, text)
    await host.must(
      `rm -rf /run/${name} /srv/log /srv/gate/pid /srv/up/*; chown 12:34 ${file}; chmod 640 ${file}`,
    )
  }
  /** Each round with who answers in it; gives where it leads after each. */
  const rounds = (...up: readonly string[]) =>
    host
      .must(
        up
          .map(
            (who) =>
              `rm -f /srv/up/*; for n in ${who || '""'}; do [ -z "$n" ] || >"/srv/up/10.9.9.$n"; done; ${shell} /srv/script || exit; sed -n 's/.*redirect.*10\\.9\\.9\\.\\([0-9]\\).*/\\1/p' ${file}`,
          )
          .join('\n'),
      )
      .then((said) => said.trim().split('\n').join(''))
  const text = async () => (await host.readFile(file)).toString()
  const log = () => host.must('cat /srv/log 2>/dev/null || true')
  beforeEach(() => put(2, block('10.9.9.1 80', three)))

  it('leave a target only after as many rounds without an answer, and change nothing else', async () => {
    expect(await rounds('1 2 3', '2 3', '2 3', '1 2', '2 3', '2 3')).toBe('111111')
    expect(await log()).toBe('')
    expect(await rounds('2 3')).toBe('2')
    expect(await text()).toBe(block('10.9.9.2 80', three))
    expect(await host.must(`stat -c '%u:%g %a' ${file}; ls -A /srv/gate /run/${name}`)).toBe(
      `12:34 640\n/run/${name}:\nstate\n\n/srv/gate:\ngate\n`,
    )
    expect(await log()).toMatch(/no answer 3 times from 10\.9\.9\.1 80; leads to 10\.9\.9\.2 80\n$/)
  })

  it('pass over candidates that do not answer either, and stay where they are when nobody does', async () => {
    expect(await rounds('', '', '3', '')).toBe('1133')
    expect(await host.must(`cat /run/${name}/state`)).toMatch(
      /^round \d+\nactive 10\.9\.9\.3\/80\nfailed 1\n[^]*switched \d+ 10\.9\.9\.1\/80 10\.9\.9\.3\/80\n/,
    )
    const before = await text()
    const inode = await host.must(`stat -c '%i %Y' ${file}`)
    expect(await rounds('', '', '', '', '')).toBe('33333')
    expect(await text()).toBe(before)
    expect(await host.must(`stat -c '%i %Y' ${file}`), 'the very file').toBe(inode)
    expect((await log()).match(/no candidate answers/g), 'said once').toHaveLength(1)
    expect(await rounds('2'), 'whoever comes first').toBe('2')
  })

  it('come back to an earlier candidate after as many rounds with an answer, one after the other', async () => {
    expect(await rounds('3', '3', '3')).toBe('113')
    expect(await rounds('1 3', '3', '1 3', '3', '2 3', '1 2 3', '1 2 3', '1 2 3')).toBe('33333221')
  })

  it('stay with what they took where that is wanted, and with what somebody chose outside of the list', async () => {
    await put('stay', block('10.9.9.1 80', three))
    expect(await rounds('2', '2', '2', '1 2', '1 2', '1 2', '1 2')).toBe('1122222')
    await put(1, block('10.9.9.7 80', three))
    expect(await rounds('1 7', '1 7', '1 7')).toBe('777')
    expect(await rounds('1', '1', '1')).toBe('771')
  })

  it('begin to count anew when somebody leads it elsewhere', async () => {
    expect(await rounds('3', '3')).toBe('11')
    await host.writeFile(file, block('10.9.9.2 80', three))
    expect(await rounds('3', '3', '3')).toBe('223')
  })

  it('touch nothing in a file that is not what they can read, and say so once', async () => {
    const plain = block('10.9.9.1 80', three)
    const odd = [
      plain + plain.replace('service gate', 'service other'),
      plain.replace('redirect', '# redirect'),
      plain.replace('}', '\tredirect = 10.9.9.2 80\n}'),
      plain.replace('=  10', '+= 10'),
      plain.replace('10.9.9.1 80\n', '$(touch${IFS}/srv/hit) 80\n'),
      plain.replace('10.9.9.1 80\n', '-e 80\n'),
      plain.replace('10.9.9.1 80\n', '10.9.9.1 80\r\n'),
      `defaults\n{\n}\n${plain}`,
      '',
    ]
    for (const one of odd) {
      expect(redirectIn(one)).toBeNull()
      await put(2, one)
      await rounds('2', '2', '2', '2')
      expect(await text()).toBe(one)
      expect((await log()).match(/no longer one service/g)).toHaveLength(1)
      expect(await host.must(`grep -c '^trouble file' /run/${name}/state`)).toBe('1\n')
    }
    await host.must(`mv ${file} /srv/gate/away; ln -s away ${file}`)
    await rounds('2', '2', '2', '2')
    expect(await host.must(`readlink ${file}; rm /srv/gate/*`)).toBe('away\n')
  })

  it('read of a hostile file what the app reads of it, and keep every byte beside the target', async () => {
    const hostile = `\tservicex\n#\tCandidates: ;rm -rf /srv/gate,  $(touch /srv/hit) 80, * 80, 10.9.9.2 80, 10.9.9.3 080000, ::1:80, 10.9.9.4 http,-a 1, 10.9.9.3:8080,,\nservice\tgate\n{\n # candidates: 10.9.9.9 1\n\tserver = \\x \`id\` '"\n  redirect=10.9.9.1 80 \t\n\tx = \xff\n}`
    await put(2, hostile)
    expect(redirectIn(hostile)).toEqual({
      active: { host: '10.9.9.1', port: '80' },
      candidates: [
        { host: '10.9.9.2', port: '80' },
        { host: '10.9.9.4', port: 'http' },
        { host: '10.9.9.3', port: '8080' },
      ],
    })
    expect(await rounds('3 9', '3 9', '3 9')).toBe('113')
    expect(await text()).toBe(hostile.replace('10.9.9.1 80 \t', '10.9.9.3 8080'))
    expect(await host.must('ls /srv')).not.toContain('hit')
  })

  it('wait for a change that is made, and for a round that is made; whoever was killed holds up nobody', async () => {
    const owner = async (pid: string) =>
      (await host.must(`sed 's/.*) //' /proc/${pid}/stat | cut -d' ' -f20`)).trim()
    const began = await owner('1')
    const boot = (await host.must('cat /proc/sys/kernel/random/boot_id')).trim()
    await host.must(
      `mkdir -p /var/lib/wharfmaster; echo '1 ${began} ${boot} c0ffee' >/var/lib/wharfmaster/lock`,
    )
    try {
      expect(await rounds('2', '2', '2', '2')).toBe('1111')
    } finally {
      await host.must('rm /var/lib/wharfmaster/lock')
    }
    await host.writeFile(`/run/${name}/turn`, `1 ${began}\n`)
    expect(await rounds('2')).toBe('1')
    await host.writeFile(`/run/${name}/turn`, '1 4711\n')
    await host.must(`echo '1 4711 ${boot} c0ffee' >/var/lib/wharfmaster/lock`)
    try {
      expect(await rounds('2')).toBe('2')
    } finally {
      await host.must('rm /var/lib/wharfmaster/lock')
    }
  })

  it('tell the daemon in the next round if they were killed before they could', async () => {
    await host.must(
      `cp "$(command -v sleep)" /srv/xinetd; /srv/xinetd 600 >/dev/null 2>&1 & echo $! >/srv/gate/pid`,
    )
    await rounds('1')
    await host.must(`: >/run/${name}/untold`)
    await rounds('1')
    // One that takes no HUP is ended by it.
    expect(await host.must(`kill -0 "$(cat /srv/gate/pid)" 2>/dev/null || echo told; ls /run/${name}`)).toBe(
      'told\nstate\n',
    )
    // Another program of that number is left alone.
    await host.must(`sleep 600 >/dev/null 2>&1 & echo $! >/srv/gate/pid; : >/run/${name}/untold`)
    await rounds('1')
    expect(await host.must('kill "$(cat /srv/gate/pid)" && echo lived')).toBe('lived\n')
  })

  it('make as many rounds in a minute as they are told, for cron', async () => {
    const script = scriptOf({ ...settings, rise: 2, everySeconds: 20 }).replace(
      'PATH=/usr/sbin',
      'PATH=/srv/bin:/usr/sbin',
    )
    await host.writeFile('/srv/script', script)
    // A clock and a sleep that cost nothing: each look at the clock finds what was slept.
    await host.must(`printf '%s\\n' '#!/bin/sh' 'echo slept "$1" >>/srv/log; IFS=" ." read -r up rest </srv/uptime; echo "$((up + $1)).00 0" >/srv/uptime' >/srv/bin/sleep
      chmod 755 /srv/bin/sleep; echo '1000.50 7' >/srv/uptime; sed -i 's,/proc/uptime,/srv/uptime,' /srv/script`)
    try {
      await host.must(`: >/srv/up/10.9.9.2; ${shell} /srv/script minute`)
    } finally {
      await host.must('rm /srv/bin/sleep')
    }
    expect(await log()).toMatch(/^slept 20\nslept 20\n.*no answer 3 times.*\n$/)
    expect(await text()).toBe(block('10.9.9.2 80', three))
  })
})

describe.each(['bash', 'perl', 'python3', 'nc'])('a connection tried by %s', (program) => {
  it('answers where somebody listens, and not where nobody does', async () => {
    await host.must(`rm -rf /srv/only /run/${name}; mkdir /srv/only
        for p in sh readlink cksum cp sed sync mv rm mkdir date logger sleep ${program} ${program === 'bash' ? 'timeout' : ''}; do ln -s "$(command -v "$p")" "/srv/only/$p"; done`)
    await host.writeFile(
      '/srv/script',
      scriptOf({ ...settings, fall: 1, rise: 'stay' }).replace(
        'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
        'PATH=/srv/only',
      ),
    )
    await host.writeFile(file, block('127.0.0.1 4', '127.0.0.1 4, localhost ssh, 127.0.0.1 22'))
    await host.must('/bin/sh /srv/script')
    expect(await host.must(`sed -n 's/.*redirect[^a-z0-9]*//p' ${file}`)).toBe('localhost ssh\n')
    await host.must('/bin/sh /srv/script')
    expect(
      await host.must(`sed -n 's/.*redirect[^a-z0-9]*//p' ${file}; grep failed /run/${name}/state`),
    ).toBe('localhost ssh\nfailed 0\n')
  })
})
