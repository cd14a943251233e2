import type { Answer } from '../../../shared/contract/answer'
import type { Endpoint } from '../../../shared/model/desktop'
import type { Channel, Transport } from '../../ssh'

/** A connection to a display, made by the host itself: no port is opened on this computer. */
export function reach(transport: Transport, endpoint: Endpoint): Promise<Answer<Channel>> {
  return endpoint.kind === 'unix'
    ? transport.forwardStreamLocal(endpoint.path)
    : transport.forward(endpoint.address, endpoint.port)
}
