import { openLab } from './lab'

/**
 * Opens the lab of the first argument with a delayed container and, if the second is "kernel", a host with its own
 * kernel; says so, and waits to be killed.
 */
const [instance = 'crash', kernel] = process.argv.slice(2)
const lab = await openLab({ instance })
await Promise.all([
  lab.host({ name: 'box', run: 'setsid sleep 1000 > /dev/null 2>&1 < /dev/null &' }),
  ...(kernel === 'kernel'
    ? [lab.host({ name: 'kern', kind: 'kernel', init: 'tiny', memory: 128, run: 'true' })]
    : []),
])
await lab.network.delay('box', 20)
process.stdout.write('open\n')
setInterval(() => undefined, 1000)
