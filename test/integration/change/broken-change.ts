import type { EngineHost } from '../../../main/host/change/part-run'
import type { Step } from '../../../shared/model/change'
import type { Host } from '../../lab/host'
import { contentOf, imagesOf, script, title, writeOver } from './workbench'

/*
 * The change that tests break: every kind of step, on files with odd owners, modes and ACLs, and on a real xinetd.
 */
export const service = (port: number) => `service greeting
{
	type = UNLISTED
	socket_type = stream
	protocol = tcp
	port = ${port}
	wait = no
	user = nobody
	server = /bin/echo
	server_args = hello
}
`
export const xinetdPath = '/etc/xinetd.d/greeting'
export const folder = '/srv/t/d'
export const odd = `${folder}/it's "odd"`

/** As the hosts stand before each change: files with odd owners, modes and ACLs, a setting, and the daemon. */
export const reset = `set -e
rm -f /run/fault /run/fault.reached
mount -o remount,rw /srv/t
rm -rf /srv/t/d /srv/t/fill; mkdir /srv/t/d; cd /srv/t/d
printf 'old\\000\\377' >"it's \\"odd\\""; chmod 2751 "it's \\"odd\\""; chown 5:6 "it's \\"odd\\""; setfacl -m u:33:r "it's \\"odd\\""
echo gone >gone; ln -s nowhere link; echo moved >moved
printf before >/run/setting
cat >${xinetdPath} <<'E'
${service(9201)}E
chmod 640 ${xinetdPath}
if pidof xinetd >/dev/null; then kill -HUP $(cat /run/xinetd.pid); else systemctl restart xinetd; fi
`

/** All that the change touches, in words: files with their metadata, the setting, and what answers where. */
export const look = `cd /srv/t/d && find . -mindepth 1 ! -name '.wharfmaster-*' ! -path './.wharfmaster-*' -printf '%y %U:%G %m %l %P\\n' | sort
find . -type f ! -path './.wharfmaster-*' -print0 | sort -z | xargs -0 -r sha256sum
getfacl -cpn -- * | grep user:33 || true
stat -c '%U %a' ${xinetdPath}; sha256sum ${xinetdPath}
cat /run/setting; echo
timeout 5 bash -c 'for p in 9201 9202; do l=; { exec 3<>/dev/tcp/127.0.0.1/$p && read -r -t 2 -u 3 l; exec 3>&-; } 2>/dev/null; echo "$p $l"; done'`

/** How many steps the change has. */
export const stepCount = 7

/** What a daemon step tells the daemon of this number. */
export const signal = (pid: string) => ({
  command: script('kill -HUP "$1"', pid),
  // One that is being killed takes a signal, and is gone in a moment.
  restore: script(
    'kill -HUP "$1" 2>/dev/null && sleep 0.2 && kill -0 "$1" 2>/dev/null && ! grep -q "^State:.*Z" "/proc/$1/status" || systemctl restart xinetd',
    pid,
  ),
})

const gone = `${folder}/gone`
const moved = `${folder}/moved`
/** What the steps stand on: after each reset the same. */
export const brokenImages = (host: EngineHost) => imagesOf(host, [odd, gone, moved, xinetdPath])

/** @param pid the daemon's */
export function brokenSteps(image: Awaited<ReturnType<typeof brokenImages>>, pid: string): readonly Step[] {
  return [
    writeOver(odd, image[odd], 'new\n'),
    {
      kind: 'create',
      path: `${folder}/new`,
      after: contentOf('new\n', { mode: 0o4750, uid: 12, gid: 34 }),
      secret: false,
    },
    { kind: 'delete', path: gone, before: image[gone], secret: false },
    { kind: 'move', from: moved, to: `${folder}/away`, before: image[moved], secret: false },
    writeOver(xinetdPath, image[xinetdPath], service(9202)),
    {
      kind: 'runtime',
      title,
      capture: { kind: 'argv', argv: ['cat', '/run/setting'] },
      set: script('printf after >/run/setting'),
      restore: script('cat >/run/setting'),
    },
    {
      kind: 'daemon',
      title,
      daemon: 'xinetd',
      action: 'reload',
      before: null,
      ...signal(pid),
    },
  ]
}

/** Whether the change took: xinetd answers where it is to answer. */
export async function proveBroken(real: Host, holds: boolean) {
  if (!holds) return { ok: true, value: { holds, evidence: [], missing: ['as the test wants'] } } as const
  const answers = await real.sh(`timeout 2 bash -c 'exec 3<>/dev/tcp/127.0.0.1/9202 && cat <&3'`)
  const answered = answers.stdout.includes('hello')
  return { ok: true, value: { holds: answered, evidence: [], missing: ['9202 does not answer'] } } as const
}

/** Lines that came and lines that went. */
export function difference(now: string, before: string): string {
  const old = new Set(before.split('\n'))
  const fresh = new Set(now.split('\n'))
  return [
    ...now
      .split('\n')
      .filter((line) => !old.has(line))
      .map((line) => `+${line}`),
    ...before
      .split('\n')
      .filter((line) => !fresh.has(line))
      .map((line) => `-${line}`),
  ].join('\n')
}
