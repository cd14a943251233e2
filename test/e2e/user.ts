import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Profile } from '../../shared/contract'
import type { Host } from '../lab/host'
import type { LabView } from '../lab/lab'
import { newHome } from './launch'

/** How one practice host is known to the user of a test. */
export type Known = Pick<Host, 'name' | 'address' | 'hostKeys'> &
  Partial<Omit<Profile, 'id' | 'name' | 'address'>>

/**
 * A home whose user knows the hosts: their keys stand in known_hosts, their profiles in the app's data, and one key
 * that the lab's accounts take in ~/.ssh. A profile's id is the host's name.
 */
export function homeWith(lab: LabView, hosts: readonly Known[]): string {
  const home = newHome()
  const ssh = path.join(home, '.ssh')
  const key = path.join(ssh, 'id_ed25519')
  copyFileSync(lab.keys.ed25519, key)
  copyFileSync(`${lab.keys.ed25519}.pub`, `${key}.pub`)
  const known = hosts.flatMap(({ address, hostKeys }) => hostKeys.map((hostKey) => `${address} ${hostKey}\n`))
  writeFileSync(path.join(ssh, 'known_hosts'), known.join(''))
  const data = path.join(home, 'data')
  mkdirSync(data)
  const profiles = hosts.map(profileOf(key))
  writeFileSync(path.join(data, 'profiles.json'), JSON.stringify({ version: 1, profiles }))
  return home
}

const profileOf =
  (key: string) =>
  ({ name, address, hostKeys: _, ...wanted }: Known): Profile => ({
    id: name,
    name,
    address,
    port: 22,
    user: 'root',
    auth: [{ kind: 'key', path: key }],
    jumps: [],
    group: '',
    tags: [],
    readOnly: false,
    legacy: false,
    keepalive: true,
    ...wanted,
  })
