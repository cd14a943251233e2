/**
 * The Debian packages that the lab needs on the machine itself, and what each is for.
 * Plain data with no imports: the set-up scripts read it before `npm ci`, preflight() reads it after.
 *
 * @typedef {{ readonly name: string, readonly provides: string, readonly why: string }} MachinePackage
 *   `provides` is a file whose presence shows that the package is there.
 */

/** @type {readonly MachinePackage[]} */
export const machinePackages = [
  {
    name: 'mmdebstrap',
    provides: '/usr/bin/mmdebstrap',
    why: 'builds the file system that all practice hosts share',
  },
  {
    name: 'debian-archive-keyring',
    provides: '/usr/share/keyrings/debian-archive-keyring.gpg',
    why: 'lets mmdebstrap verify what it fetches',
  },
  {
    name: 'systemd-container',
    provides: '/usr/bin/systemd-nspawn',
    why: 'boots practice hosts as containers',
  },
  {
    name: 'user-mode-linux',
    provides: '/usr/bin/linux.uml',
    why: 'boots practice hosts with a kernel of their own (IPVS, NFS server)',
  },
  { name: 'iproute2', provides: '/usr/sbin/ip', why: 'makes the lab network' },
  {
    name: 'openssh-client',
    provides: '/usr/bin/ssh',
    why: 'keys of the lab, and the way into hosts with a kernel of their own',
  },
  { name: 'util-linux', provides: '/usr/bin/unshare', why: 'unshare, nsenter, flock' },
  { name: 'e2fsprogs', provides: '/usr/sbin/mkfs.ext4', why: 'small disks that tests fill up' },
  {
    name: 'perl-base',
    provides: '/usr/bin/perl',
    why: 'the delaying wire between a host and the lab network',
  },
  {
    name: 'openssh-server',
    provides: '/usr/sbin/sshd',
    why: 'servers of the SSH tests on loopback, each with its own configuration (no system service is needed)',
  },
  { name: 'putty-tools', provides: '/usr/bin/puttygen', why: 'makes PPK keys for the SSH tests' },
  { name: 'openssl', provides: '/usr/bin/openssl', why: 'makes PKCS #8 keys for the SSH tests' },
]
