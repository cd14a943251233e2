import type { HostOptions } from '../host'

/**
 * A host with services behind xinetd, as grown over years: comments in two languages, tabs and blanks mixed, a file
 * that includedir skips, and some services that are off. Debian's own files (echo, daytime, …) are there too, all off.
 * An old inetd answers beside it, and systemd holds one port more. TigerVNC is installed for the account `desk`, and not started.
 */
export const harbor: HostOptions = {
  name: 'harbor',
  units: ['xinetd.service', 'inetd.service', 'tide.socket'],
  files: {
    '/etc/xinetd.conf': `# xinetd of harbor. Ask the night shift before you touch the limits!
# Last big change: 2019-03, after the scan from the printer network.

defaults
{
	instances       = 60
	log_type        = SYSLOG authpriv
	log_on_success  = HOST PID
	log_on_failure  = HOST
	cps             = 25 30
}

includedir /etc/xinetd.d
`,
    '/etc/xinetd.d/status': `# Uptime and load for the wall screen in the control room.
# The screen polls every 10 s, so keep instances above 2.
service status
{
	type            = UNLISTED
	socket_type     = stream
	protocol        = tcp
	port            = 9101
	wait            = no
	user            = nobody
	server          = /usr/bin/uptime
	instances       = 10
	only_from       = 198.18.0.0/15 127.0.0.1
	disable         = no
}
`,
    '/etc/xinetd.d/notice': `# 值班通知：内容在 /etc/notice，每周一更新。
service notice
{
    type         = UNLISTED
    socket_type  = stream
    protocol     = tcp
    port         = 9102
    wait         = no
    user         = nobody
    server       = /bin/cat
    server_args  = /etc/notice
    log_on_success += DURATION
    disable      = no
}
`,
    '/etc/notice': 'Crane 3 is down until Thursday. 三号吊车停用至周四。\n',
    '/etc/xinetd.d/web-entry': `# The old address of the intranet page; bookmarks still point here.
service web-entry
{
	type		= UNLISTED
	socket_type	= stream
	protocol	= tcp
	port		= 9103
	wait		= no
	user		= nobody
	redirect	= 127.0.0.1 8080
	per_source	= 5
	disable		= no
}
`,
    '/etc/xinetd.d/backup': `# Pulls the manifests at night. Off since the new backup host (#4711), kept for the audit.
service backup
{
	type            = UNLISTED
	socket_type     = stream
	protocol        = tcp
	port            = 9104
	wait            = no
	user            = root
	server          = /bin/tar
	server_args     = -C /srv -cf - www
	access_times    = 1:00-5:00
	disable         = yes
}
`,
    '/etc/xinetd.d/clock': `service daytime
{
	id              = clock-tcp
	type            = INTERNAL UNLISTED
	socket_type     = stream
	protocol        = tcp
	port            = 9113
	user            = root
	wait            = no
	# cranes read the time here; their clock chips drift
	flags           = IPv4
	disable         = no
}

service daytime
{
	id              = clock-udp
	type            = INTERNAL UNLISTED
	socket_type     = dgram
	protocol        = udp
	port            = 9113
	user            = root
	wait            = yes
	flags           = IPv4
	disable         = no
}
`,
    '/etc/inetd.conf': `# What was never moved to xinetd. 旧系统，仍有人在用。
9121	stream	tcp	nowait	nobody	/bin/date	date -u
#9122	stream	tcp	nowait	nobody	/usr/bin/uptime	uptime
#<off># 9123	stream	tcp	nowait	root	/bin/cat	cat /etc/shadow
`,
    '/etc/systemd/system/inetd.service': `[Unit]
Description=Internet superserver
StartLimitIntervalSec=0

[Service]
ExecStart=/opt/openbsd-inetd/usr/sbin/inetd -i
ExecReload=/bin/kill -HUP $MAINPID

[Install]
WantedBy=multi-user.target
`,
    '/etc/systemd/system/tide.socket': `[Unit]
Description=Tide table

[Socket]
ListenStream=9131
Accept=yes

[Install]
WantedBy=sockets.target
`,
    '/etc/systemd/system/tide@.service': `[Service]
ExecStart=/bin/echo high at 04:12
StandardInput=socket
`,
    '/etc/xinetd.d/status.before-2019':
      'service status\n{\n\tthis file is skipped: its name holds a dot\n}\n',
  },
}
