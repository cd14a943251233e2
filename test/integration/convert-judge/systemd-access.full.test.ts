import { it } from 'vitest'
import { openLab } from '../../lab/lab'
import { ask, move } from './move'

/** On a host with a kernel of its own: in a container systemd cannot keep addresses out, and lets everyone in. */
it('whom xinetd let in, systemd lets in, and nobody else', async () => {
  const lab = await openLab()
  try {
    await move(lab, 'kernel', asks, 5)
  } finally {
    await lab.close()
  }
}, 180_000)

const asks = [
  ask('ipv4', '127.0.0.1'),
  ask('named', '127.0.0.1'),
  ask('only', '127.0.0.1'),
  ask('only', '127.0.0.1', '127.0.0.2'),
  ask('denied', '127.0.0.1'),
  ask('denied', '127.0.0.1', '127.0.0.3'),
  ask('denied', '127.0.0.4'),
]
