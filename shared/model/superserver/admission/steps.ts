import type { Setting } from '../xinetd/settings'

/** Of a step: the attributes that make it so, by name. What is built in is not listed. */
type From = { readonly from: Readonly<Record<string, Setting>> }

/** Who takes it. start: the daemon, once, before there is a client. daemon and child: for every client. */
type By<T extends 'start' | 'daemon' | 'child'> = { readonly by: T }

export type Limit = {
  readonly resource: 'files' | 'as' | 'cpu' | 'data' | 'rss' | 'stack'
  /** Bytes; of cpu seconds, of files their number. null: no limit. */
  readonly value: number | null
}

/** What xinetd does for a connection, as connectionSteps lists it. */
export type ConnectionStep = From &
  (
    | (By<'start'> & {
        readonly kind: 'socket'
        readonly family: 4 | 6
        readonly type: string
        readonly protocol: string
        /** IPV6_V6ONLY as it is set; null: not of IPv6. */
        readonly v6only: boolean | null
        readonly reuseAddress: boolean
        readonly noDelay: boolean
        readonly keepAlive: boolean
      })
    /** address null: every one. port null: one that the kernel chooses. */
    | (By<'start'> & { readonly kind: 'bind'; readonly address: string | null; readonly port: number | null })
    | (By<'start'> & { readonly kind: 'register'; readonly program: string; readonly versions: string })
    | (By<'start'> & { readonly kind: 'listen'; readonly backlog: number })
    | (By<'daemon'> & { readonly kind: 'select' })
    | (By<'daemon'> & { readonly kind: 'accept' })
    /** wait = yes: the server gets the socket itself, and the daemon does not look at it until the server ends. */
    | (By<'daemon'> & { readonly kind: 'wait' })
    /** A client of the tcpmux service asks for it by its name. */
    | (By<'daemon'> & { readonly kind: 'tcpmux'; readonly name: string; readonly greets: boolean })
    | (By<'daemon' | 'child'> & {
        readonly kind: 'banner'
        readonly when: 'always' | 'success'
        readonly path: string
      })
    /** More than `rate` connections a second close the port for so many seconds. */
    | (By<'daemon'> & { readonly kind: 'cps'; readonly rate: number; readonly pause: number })
    | (By<'daemon'> & { readonly kind: 'max_load'; readonly load: number })
    | (By<'daemon'> & { readonly kind: 'access_times'; readonly intervals: readonly string[] })
    | (By<'daemon'> & { readonly kind: 'instances' | 'per_source' | 'processes'; readonly limit: number })
    | (By<'daemon'> & { readonly kind: 'fork' })
    | (By<'daemon'> & { readonly kind: 'log'; readonly what: readonly string[] })
    | (By<'child'> & { readonly kind: 'setgid'; readonly group: string | null })
    /** initgroups: all groups of the user, else none but the one of setgid. */
    | (By<'child'> & { readonly kind: 'groups'; readonly initgroups: boolean })
    | (By<'child'> & { readonly kind: 'setuid'; readonly user: string })
    | (By<'child'> & { readonly kind: 'umask'; readonly mask: string })
    /** It comes behind setuid: of another user than root, a priority above the daemon's is refused, and nobody told. */
    | (By<'child'> & { readonly kind: 'nice'; readonly value: number; readonly works: boolean })
    /** The address goes into the list of the sensors. minutes null: for ever; 0: it is only logged. */
    | (By<'daemon'> & { readonly kind: 'sensor'; readonly minutes: number | null })
    /** The list of the sensors. */
    | (By<'daemon' | 'child'> & { readonly kind: 'banned' })
    | (By<'daemon' | 'child'> & {
        readonly kind: 'no_access' | 'only_from'
        readonly words: readonly string[]
        /** Without one, which is so when the server accepts by itself, no_access keeps nobody out, and only_from everyone. */
        readonly hasAddress: boolean
      })
    | (By<'daemon' | 'child'> & { readonly kind: 'libwrap'; readonly daemon: string })
    /** The user by RFC 1413; required: who has none is sent away. */
    | (By<'child'> & { readonly kind: 'identity'; readonly required: boolean })
    | (By<'child'> & { readonly kind: 'redirect'; readonly host: string; readonly port: string })
    /** A process would stand between the clients and the server, which does not start (measured on 2.3.15.3). */
    | (By<'child'> & { readonly kind: 'intercept' })
    | (By<'daemon' | 'child'> & { readonly kind: 'internal'; readonly name: string })
    /** base: what the server gets of the daemon's environment. REMOTE_HOST comes last. */
    | (By<'child'> & {
        readonly kind: 'environment'
        readonly base: 'all' | readonly string[]
        readonly added: readonly string[]
      })
    /** The connection, or the socket, becomes the server's 0, 1 and 2. */
    | (By<'child'> & { readonly kind: 'dup2' })
    | (By<'child'> & { readonly kind: 'rlimits'; readonly limits: readonly Limit[] })
    /** flags = LABELED: the SELinux context of the connection. */
    | (By<'child'> & { readonly kind: 'context' })
    /** A session of its own, without a terminal. */
    | (By<'child'> & { readonly kind: 'setsid' })
    | (By<'child'> & { readonly kind: 'exec'; readonly path: string; readonly argv: readonly string[] })
    /** What happens instead when a check says no: it is logged, the banner sent, the connection closed. */
    | (By<'daemon' | 'child'> & {
        readonly kind: 'refuse'
        readonly log: readonly string[]
        readonly banner: string | null
      })
  )
