import type { Dialect } from '../../../lens/inetd'

/** About which services inetd itself asks libwrap, tcpd or not: those whose connections it accepts (stream, nowait). */
export type Wraps = { readonly programs: boolean; readonly internals: boolean }

/**
 * @param options what the daemon was started with, its own name left out
 *
 * FreeBSD: -w and -W (inetd(8), "TCP Wrappers"). openbsd-inetd as Debian builds it: -l, for
 * programs alone (measured). NetBSD: always (inetd.c,
 * LIBWRAP). xinetd -inetd_compat sets NOLIBWRAP for programs alone (inet.c, get_next_inet_entry). GNU's and busybox
 * are built without it.
 */
export function wrapsOf(dialect: Dialect, options: readonly string[]): Wraps {
  const letters = options.filter((option) => /^-[a-zA-Z]+$/.test(option)).join('')
  switch (dialect) {
    case 'freebsd':
      return { programs: letters.includes('w'), internals: letters.includes('W') }
    case 'openbsd':
      return { programs: letters.includes('l'), internals: false }
    case 'netbsd':
      return { programs: true, internals: true }
    case 'xinetd':
      return { programs: false, internals: true }
    case 'inetutils':
    case 'busybox':
      return { programs: false, internals: false }
  }
}
