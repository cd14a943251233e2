/** Debian packages of the base, by what they are there for. */
const packagesByPurpose = {
  system: [
    'systemd-sysv',
    'dbus',
    'libpam-systemd',
    'kmod',
    'e2fsprogs',
    'dmidecode',
    'locales',
    'netbase',
    'tzdata',
  ],
  login: ['openssh-server', 'sudo', 'opendoas', 'tcsh', 'libpam-oath'],
  fishShell: ['bsdextrautils', 'gettext-base', 'libpcre2-32-0'],
  superServer: ['xinetd', 'libbsd0', 'libevent-2.1-7', 'tcpd'],
  balancer: ['ipvsadm', 'keepalived'],
  desktop: [
    'tigervnc-standalone-server',
    'tigervnc-tools',
    'twm',
    'xterm',
    'x11-xserver-utils',
    'xfonts-base',
    'xclip',
  ],
  sharing: ['rpcbind', 'nfs-kernel-server'],
  network: ['iproute2', 'iptables', 'nftables', 'iputils-ping', 'netcat-openbsd', 'socat', 'tcpdump', 'curl'],
  tools: ['procps', 'psmisc', 'lsof', 'less', 'vim-tiny', 'busybox', 'acl', 'attr', 'bsdutils'],
} as const

export const basePackages: readonly string[] = Object.values(packagesByPurpose).flat()
