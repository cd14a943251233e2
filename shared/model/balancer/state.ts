import type { ListedServer, ListedService, ServiceName, Totals } from '../../probe/ipvsadm'

/** What was read of a host's load balancer. Plain data: it travels to the renderer and into plans. */
export type BalancerState = {
  /** Profile id. */
  readonly host: string
  readonly ipvs: Availability
  /** First line of `ipvsadm --version`, as far as it names the version: "1.31". */
  readonly version: string | null
  readonly services: readonly VirtualService[]
  /** Who else writes this table; null: whoever types ipvsadm. */
  readonly owner: TableOwner | null
  /** The table as `ipvsadm -Sn` prints it: what a restore would read. */
  readonly saved: string
  /** Seconds, as the kernel keeps them; null: not read. */
  readonly timeouts: { readonly tcp: number; readonly tcpfin: number; readonly udp: number } | null
}

export type Availability =
  | 'ready'
  /** ipvsadm is not installed. */
  | 'noTool'
  /** The kernel has no IPVS, or its module is not loaded and may not be. */
  | 'noKernel'
  /** Reading the table takes privilege that this sign-in has not. */
  | 'noPrivilege'

export type VirtualService = Omit<ListedService, 'servers'> & {
  readonly key: string
  readonly totals: Totals | null
  readonly servers: readonly RealServer[]
}

export type RealServer = ListedServer & {
  readonly key: string
  /** Connections at which it gets no more, and below which it gets some again; 0: no limit. */
  readonly upper: number
  readonly lower: number
  /** What of `--tun-type …` holds for a tunnel, as ipvsadm takes it back. */
  readonly tunnel: readonly string[]
  readonly totals: Totals | null
}

export type TableOwner =
  | { readonly kind: 'keepalived'; readonly pid: number; readonly configuration: string }
  | { readonly kind: 'kubeProxy'; readonly pid: number | null }

export type { ServiceName }
