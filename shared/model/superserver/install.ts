import { ok, type Answer } from '../../contract/answer'
import type { InstallerName } from '../../probe/package-offer'
import type { Change, Disturbance } from '../change'
import type { SuperserverIntent } from './intent'
import type { SuperserverProof } from './proof'
import { refuse } from './refuse'
import type { SuperserverState } from './state'
import { titleOf } from './title'

/*
 * Asks nothing, takes nothing away, brings nothing beside what is needed, keeps the configuration files that are there, and
 * gives up what does not come.
 */
const COMMANDS: Readonly<Record<InstallerName, readonly string[]>> = {
  'apt-get': [
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'NEEDRESTART_SUSPEND=1',
    'apt-get',
    '-y',
    '-q',
    '--no-install-recommends',
    '--no-remove',
    '-o',
    'Dpkg::Options::=--force-confold',
    '-o',
    'DPkg::Lock::Timeout=10',
    '-o',
    'Acquire::http::Timeout=15',
    'install',
    'xinetd',
  ],
  dnf: ['dnf', '-y', '--setopt=install_weak_deps=False', 'install', 'xinetd'],
  yum: ['yum', '-y', 'install', 'xinetd'],
  zypper: ['zypper', '--non-interactive', 'install', '--no-recommends', 'xinetd'],
  apk: ['apk', 'add', 'xinetd'],
  pkg: ['pkg', 'install', '-y', 'xinetd'],
  pacman: ['pacman', '-S', '--noconfirm', '--needed', 'xinetd'],
}

/*
 * A package manager that is killed in the middle leaves half a package. So it runs in a place of its own, where neither a
 * lost connection nor the end of this script reaches it, and what it said is waited for here. Of one that is not waited for
 * to its end the output stays in the folder.
 */
const SCRIPT = `dir=$(mktemp -d /var/tmp/wharfmaster-install.XXXXXX) || exit
cat >"$dir/run" <<'END'
dir=$1
shift
"$@" >"$dir/said" 2>&1 </dev/null
echo $? >"$dir/new"
mv "$dir/new" "$dir/code"
END
if [ -d /run/systemd/system ] && systemd-run --quiet --collect /bin/sh "$dir/run" "$dir" "$@" 2>/dev/null; then :
elif command -v setsid >/dev/null; then ( setsid /bin/sh "$dir/run" "$dir" "$@" </dev/null >/dev/null 2>&1 & )
else ( nohup /bin/sh "$dir/run" "$dir" "$@" </dev/null >/dev/null 2>&1 & )
fi
left=105
until [ -e "$dir/code" ]; do
  if [ "$left" -le 0 ]; then
    tail -c 8000 "$dir/said"
    echo "$* goes on; what it says is in $dir/said" >&2
    exit 75
  fi
  left=$((left - 1))
  sleep 1
done
tail -c 60000 "$dir/said"
read -r code <"$dir/code"
rm -rf "$dir"
exit "$code"
`

/** As planned here; the state was read with the package manager's offer. */
export function install(
  state: SuperserverState,
  intent: Extract<SuperserverIntent, { kind: 'install' }>,
): Answer<Change> {
  if (isInstalled(state)) return refuse(state, 'superserver.installed')
  const offer = state.offer ?? null
  if (offer === null) return refuse(state, 'superserver.noPackageManager')
  const { manager, candidate, removes } = offer
  if (candidate === null) return refuse(state, 'superserver.noPackage', { manager })
  if (removes.length > 0) return refuse(state, 'superserver.packageRemoves', { packages: removes.join(' ') })
  const argv = COMMANDS[manager]
  const expect: SuperserverProof = {
    files: [],
    xinetd: null,
    inetd: null,
    systemd: null,
    control: null,
    boot: null,
    failover: null,
    installed: { keeps: held(state) },
  }
  return ok({
    title: titleOf(intent),
    reason: intent.reason,
    intent,
    parts: [
      {
        host: state.host,
        steps: [
          {
            kind: 'oneWay',
            title: {
              key: 'superserver.step.install',
              params: { version: candidate, command: argv.join(' ') },
            },
            command: { kind: 'script', script: SCRIPT, args: argv },
          },
        ],
        disturbs: disturbed(state),
        proof: { capability: 'superserver', expect },
      },
    ],
  })
}

/** Its files may be there without it: a package that was removed leaves them. */
export function isInstalled({ xinetd }: Pick<SuperserverState, 'xinetd'>): boolean {
  return xinetd !== null && (xinetd.build !== null || xinetd.daemon !== null)
}

/** Ports of others, our way in among them. */
function held({ sockets }: SuperserverState): NonNullable<SuperserverProof['installed']>['keeps'] {
  const ports = sockets.map(({ protocol, port }) => [`${protocol} ${port}`, { protocol, port }] as const)
  return [...new Map(ports).values()]
}

function disturbed({ xinetd, inetd }: SuperserverState): readonly Disturbance[] {
  const notice = (key: string): Disturbance => ({
    what: { key, params: {} },
    degree: 'notice',
    subject: 'xinetd',
    sessions: [],
  })
  return [
    notice('superserver.disturb.installed'),
    ...((inetd?.daemon ?? null) === null ? [] : [notice('superserver.disturb.besideInetd')]),
    ...(xinetd === null ? [] : [notice('superserver.disturb.keptFiles')]),
  ]
}
