import type { DaemonFacts, ToolFacts } from '../../../shared/model/facts'

/** One thing that the app can look after, as far as this host has it. */
export interface Service {
  /** The section that shows it. */
  readonly section: 'superserver' | 'balancer' | 'desktop'
  readonly icon: string
  /** Names of the programs. */
  readonly names: readonly string[]
  readonly state: 'running' | 'installed' | 'unknown' | 'absent'
}

export function servicesOf(tools: ToolFacts): readonly Service[] {
  const { superservers, balancer, vnc } = tools
  const balancing = [
    ...(balancer.keepalived.installed ? ['keepalived'] : []),
    ...(balancer.ipvsadm ? ['ipvsadm'] : []),
  ]
  return [
    {
      section: 'superserver',
      icon: 'i-lucide-plug-zap',
      names: superservers.map(({ name }) => name),
      state: together(superservers),
    },
    {
      section: 'balancer',
      icon: 'i-lucide-split',
      names: balancing,
      // The table is the kernel's: with ip_vs loaded it balances, whichever tool filled it.
      state: balancer.kernel ? 'running' : balancing.length > 0 ? 'installed' : 'absent',
    },
    {
      section: 'desktop',
      icon: 'i-lucide-monitor',
      names: vnc,
      state: vnc.length > 0 ? 'installed' : 'absent',
    },
  ]
}

function together(daemons: readonly DaemonFacts[]): Service['state'] {
  const installed = daemons.filter((daemon) => daemon.installed)
  if (installed.length === 0) return 'absent'
  if (installed.some(({ running }) => running === true)) return 'running'
  return installed.some(({ running }) => running === null) ? 'unknown' : 'installed'
}
