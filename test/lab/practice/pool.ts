import type { HostOptions } from '../host'

/** Addresses of the pool, which a running lab knows. */
export type PoolAddresses = {
  /** Virtual service with both real servers. */
  readonly shop: string
  /** Virtual service with web1 alone, for adding web2 to. */
  readonly news: string
  readonly director: string
  readonly web1: string
  readonly web2: string
}

/** Real servers listen here, virtual services on port 80. */
export const realServerPort = 8080

/** A NAT director: virtual services in `front`, its real servers in `back`. Its table is restored at boot. */
export function director({ shop, news, web1, web2 }: PoolAddresses): HostOptions {
  const rules = [
    `-A -t ${shop}:80 -s wrr`,
    `-a -t ${shop}:80 -r ${web1}:${String(realServerPort)} -m -w 1`,
    `-a -t ${shop}:80 -r ${web2}:${String(realServerPort)} -m -w 1`,
    `-A -t ${news}:80 -s rr`,
    `-a -t ${news}:80 -r ${web1}:${String(realServerPort)} -m -w 1`,
  ]
  return {
    name: 'director',
    kind: 'kernel',
    networks: ['front', 'back'],
    virtualAddresses: [shop, news],
    files: {
      '/etc/ipvsadm.rules': `${rules.join('\n')}\n`,
      '/etc/default/ipvsadm': 'AUTO="true"\nDAEMON="none"\nIFACE="eth0"\n',
    },
    units: ['ipvsadm.service'],
  }
}

/** A web server that answers every request with its own name. Answers go back through the director. */
export function realServer(name: 'web1' | 'web2', { director }: PoolAddresses): HostOptions {
  return {
    name,
    networks: ['back'],
    gateway: director,
    units: [`real-server@${String(realServerPort)}.service`],
  }
}
