import { xinetdState } from '../fixtures.test-support'
import type { XinetdService } from '../xinetd/resolve'
import { resolve } from '../xinetd/resolve'
import type { AdmissionContext, AdmissionRequest } from './request'

/** telnet with these lines besides. */
export function telnet(...lines: readonly string[]): XinetdService {
  return serviceOf(
    'telnet',
    'socket_type = stream',
    'wait = no',
    'user = nobody',
    'server = /bin/cat',
    ...lines,
  )
}

export function serviceOf(name: string, ...lines: readonly string[]): XinetdService {
  const text = `service ${name}\n{\n${lines.map((line) => `\t${line}\n`).join('')}}\n`
  const [service] = resolve(xinetdState(text)).services
  if (service === undefined) throw new Error('no service')
  return service
}

export const nothingElse: AdmissionContext = {
  build: { version: '2.3.15.3', options: ['libwrap', 'loadavg'] },
  ipv6: true,
  running: { service: 0, address: 0 },
  processes: null,
  load: 0,
  pause: null,
  banned: [],
  wrappers: { allow: { nodes: [] }, deny: { nodes: [] } },
  resolved: {},
  networks: {},
}

/** At noon, from an address that has no name. */
export function from(address: string, name: string | null = 'unknown'): AdmissionRequest {
  return { address, name, mappedName: name, minute: 720 }
}
