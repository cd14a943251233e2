import { pathsOf } from './settings'

/** What has the script run: systemd's timer, or cron where there is no systemd. */
export type Scheduler = 'systemd' | 'cron'

/*
 * systemd.exec(5): LogLevelMax= holds for what systemd itself says of the unit as well, or the journal would have three
 * lines for each round. Five starts in ten seconds are the limit otherwise (systemd.unit(5), StartLimitIntervalSec=). What the script says is a notice. systemd-analyze(1) looks at the unit before there is a script.
 */
const service = (name: string): string => `[Unit]
Description=One round of ${name}
StartLimitIntervalSec=0

[Service]
Type=oneshot
ExecStart=/bin/sh ${pathsOf(name).script}
TimeoutStartSec=120
SyslogLevel=notice
LogLevelMax=notice
`

/** systemd.timer(5): from start to start of the service; a minute of accuracy is the default. */
const timer = (name: string, everySeconds: number): string => `[Unit]
Description=Rounds of ${name}

[Timer]
OnActiveSec=${everySeconds}
OnUnitActiveSec=${everySeconds}
AccuracySec=100ms

[Install]
WantedBy=timers.target
`

/** crontab(5): no smaller step than a minute, in which the script makes all its rounds. */
const cron = (name: string): string => `# Written by Wharfmaster, and removed by it: rounds of ${name}.
* * * * * root /bin/sh ${pathsOf(name).script} minute
`

/** The files beside the script. Names of ours mean nothing to systemd or to cron. */
export function scheduleOf(
  by: Scheduler,
  name: string,
  everySeconds: number,
): readonly { readonly path: string; readonly text: string }[] {
  const paths = pathsOf(name)
  return by === 'cron'
    ? [{ path: paths.cron, text: cron(name) }]
    : [
        { path: paths.service, text: service(name) },
        { path: paths.timer, text: timer(name, everySeconds) },
      ]
}
