/** The host's own checker of a file's format, given the staged file as its last argument; it opens nothing. */
export type Rehearsal = {
  readonly program: string
  readonly options: readonly string[]
  /** What the copy that it looks at must be called. */
  readonly name: string
}

const checkers: readonly { readonly paths: RegExp; readonly argv: readonly [string, ...string[]] }[] = [
  // keepalived(8): -t, --config-test. Needs no IPVS.
  { paths: /^\/etc\/keepalived\/keepalived\.conf$/, argv: ['keepalived', '-t', '-f'] },
  // sshd(8): -t, "Test mode. Only check the validity of the configuration file and sanity of the keys".
  { paths: /^\/etc\/ssh\/sshd_config$/, argv: ['sshd', '-t', '-f'] },
  // visudo(8): -c check-only, -f an alternate file.
  { paths: /^\/etc\/sudoers(\.d\/[^/.~]+)?$/, argv: ['visudo', '-c', '-f'] },
  // systemd-analyze(1): verify FILE..., which goes by the unit's name.
  {
    paths:
      /^\/(etc|run|usr\/local\/lib)\/systemd\/system\/[^/]+\.(service|socket|timer|mount|automount|path|target)$/,
    argv: ['systemd-analyze', 'verify', '--man=no'],
  },
  // findmnt(8): --verify, "Check mount table content"; --tab-file, an alternative file.
  { paths: /^\/etc\/fstab$/, argv: ['findmnt', '--verify', '--tab-file'] },
]

/** null: no checker is known that opens nothing. xinetd has none. */
export function rehearsalOf(path: string): Rehearsal | null {
  const found = checkers.find(({ paths }) => paths.test(path))
  if (found === undefined) return null
  const [program, ...options] = found.argv
  return { program, options, name: path.slice(path.lastIndexOf('/') + 1) }
}
