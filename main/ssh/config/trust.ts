import { expandTilde, globalKnownHostsFiles, userKnownHostsFiles } from '../environment'
import type { Environment } from '../environment'
import type { HostKeyTrust } from '../route'
import type { HostOptions } from './evaluate'

/**
 * UserKnownHostsFile, GlobalKnownHostsFile, HashKnownHosts and StrictHostKeyChecking of ssh_config(5).
 * @param expand tilde, tokens and variables, which ssh takes in the user's files alone; in the others the tilde
 */
export function hostKeyTrust(
  options: HostOptions,
  env: Environment,
  expand: (text: string) => string,
): HostKeyTrust {
  const files = (key: string, usual: readonly string[], each: (text: string) => string) => {
    const given = options.single.get(key)
    if (given === undefined) return usual
    return given.some((one) => one.toLowerCase() === 'none') ? [] : given.map(each)
  }
  return {
    userFiles: files('userknownhostsfile', userKnownHostsFiles(env), expand),
    globalFiles: files('globalknownhostsfile', globalKnownHostsFiles(env), (text) => expandTilde(env, text)),
    hash: /^(yes|true)$/i.test(options.single.get('hashknownhosts')?.[0] ?? ''),
    unknown: unknownKeys(options.single.get('stricthostkeychecking')?.[0]),
  }
}

function unknownKeys(strict: string | undefined): HostKeyTrust['unknown'] {
  switch (strict?.toLowerCase()) {
    case 'yes':
    case 'true':
      return 'refuse'
    case 'accept-new':
      return 'accept'
    default:
      return 'ask'
  }
}
