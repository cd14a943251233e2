/*
 * What a host's package manager would do to install a package.
 *
 * apt-cache policy PACKAGE (nothing at all of one that it does not know), then apt-get --simulate install PACKAGE:
 *
 *   xinetd:
 *     Installed: (none)
 *     Candidate: 1:2.3.15.3-1+b1
 *
 *   Remv openbsd-inetd [0.20221205-1]
 *   Inst xinetd (1:2.3.15.3-1+b1 Debian:12.5/stable [amd64])
 *
 * dnf and yum, -q list available PACKAGE (dnf(8), yum(8)):      xinetd.x86_64    2:2.3.15-14.el7    base
 * zypper info PACKAGE (zypper(8)):                              Version        : 2.3.15.4-150100.8.9.1
 * apk policy PACKAGE (apk(8)):                                  xinetd policy:, then two blanks and 2.3.15-r6:
 * pkg rquery %v PACKAGE (pkg-rquery(8)), pacman -Sp --print-format %v PACKAGE (pacman(8)):     2.3.15.3
 */
export const installers = ['apt-get', 'dnf', 'yum', 'zypper', 'apk', 'pkg', 'pacman'] as const
export type InstallerName = (typeof installers)[number]

export type PackageOffer = {
  readonly manager: InstallerName
  /** The version that it would install; null: it knows no such package. */
  readonly candidate: string | null
  /** Packages that would have to go for it, as far as the manager tells. */
  readonly removes: readonly string[]
}

const versions: Readonly<Record<InstallerName, RegExp>> = {
  'apt-get': /^\s+Candidate:\s+(?!\(none\))(\S+)/m,
  dnf: /^[\w.+-]+\.(?:x86_64|aarch64|noarch|ppc64le|s390x|i686)\s+(\S+)/m,
  yum: /^[\w.+-]+\.(?:x86_64|aarch64|noarch|ppc64le|s390x|i686)\s+(\S+)/m,
  zypper: /^Version\s*:\s+(\S+)/m,
  apk: /^\s+(\d\S*):$/m,
  pkg: /^(\d\S*)$/m,
  pacman: /^(\d\S*)$/m,
}

/** null: none of the managers is there. */
export function parsePackageOffer(manager: string, said: string, trial: string): PackageOffer | null {
  const known = installers.find((name) => name === manager.trim())
  if (known === undefined) return null
  return {
    manager: known,
    candidate: versions[known].exec(said)?.[1] ?? null,
    removes: [...trial.matchAll(/^Remv (\S+)/gm)].flatMap(([, name]) => (name === undefined ? [] : [name])),
  }
}
