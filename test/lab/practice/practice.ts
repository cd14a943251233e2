import type { Host } from '../host'
import { attachLab, openLab, type Lab, type LabOptions, type LabView } from '../lab'
import { harbor } from './harbor'
import { director, realServer, type PoolAddresses } from './pool'

/** The fixed set of hosts that tests share, the demo shows and `npm run lab` gives to people. */
export const practiceHosts = ['harbor', 'director', 'web1', 'web2', 'jump1', 'jump2', 'jump3'] as const
export type PracticeHost = (typeof practiceHosts)[number]

export type Practice = {
  readonly lab: LabView
  /** The virtual services' addresses, port 80. */
  readonly shop: string
  readonly news: string
  host(name: PracticeHost): Host
}

/** Starts the set. `only` leaves hosts out. Reports each host's address as it comes up. */
export async function startPractice(
  options: LabOptions & { readonly only?: readonly PracticeHost[] } = {},
): Promise<Practice & { readonly lab: Lab }> {
  const lab = await openLab(options)
  const say = options.say ?? (() => undefined)
  try {
    const pool = poolOf(lab)
    const wanted = {
      director: director(pool),
      harbor,
      web1: realServer('web1', pool),
      web2: realServer('web2', pool),
      jump1: { name: 'jump1' },
      jump2: { name: 'jump2' },
      jump3: { name: 'jump3' },
    } as const
    const started = Date.now()
    const only = options.only ?? practiceHosts
    await Promise.all(
      only.map(async (name) => {
        const { address } = await lab.host(wanted[name])
        say(
          `lab: ${name.padEnd(8)} ${address.padEnd(12)} after ${((Date.now() - started) / 1000).toFixed(1)} s`,
        )
      }),
    )
    return { ...practiceOf(lab), lab }
  } catch (error) {
    await lab.close()
    throw error
  }
}

/**
 * The set that a global set-up or `npm run lab` started in another process. WHARFMASTER_LAB may name several, with
 * commas between: each of Playwright's workers has one of its own then.
 */
export function practice(): Practice {
  const worker = Number(process.env['TEST_PARALLEL_INDEX'] ?? 0)
  const instance = process.env['WHARFMASTER_LAB']?.split(',')[worker]
  if (instance === undefined || instance === '') {
    throw new Error(
      `no practice hosts: WHARFMASTER_LAB is not set (the global set-up sets it; so can you, after npm run lab)`,
    )
  }
  return practiceOf(attachLab(instance))
}

/**
 * For global set-ups of test runners: starts the set, unless WHARFMASTER_LAB names one that runs already. Sets that
 * variable for the test processes. Gives what takes the set down again.
 */
export async function sharePractice(): Promise<() => Promise<void>> {
  if ((process.env['WHARFMASTER_LAB'] ?? '') !== '') {
    practice()
    return () => Promise.resolve()
  }
  const { lab } = await startPractice({
    say: (line) => {
      console.log(line)
    },
  })
  process.env['WHARFMASTER_LAB'] = lab.instance
  return async () => {
    delete process.env['WHARFMASTER_LAB']
    await lab.close()
  }
}

function practiceOf(lab: LabView): Practice {
  return { lab, shop: lab.virtualAddress(1), news: lab.virtualAddress(2), host: (name) => lab.find(name) }
}

function poolOf(lab: Lab): PoolAddresses {
  return {
    shop: lab.virtualAddress(1),
    news: lab.virtualAddress(2),
    director: lab.addressOf('director', 'back'),
    web1: lab.addressOf('web1', 'back'),
    web2: lab.addressOf('web2', 'back'),
  }
}
