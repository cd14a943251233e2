import type { Client, ClientChannel } from 'ssh2'
import { fail, ok } from '../../../shared/contract/answer'
import type { Answer } from '../../../shared/contract/answer'
import { wrapChannel } from '../channel'
import type { Channel } from '../channel'
import { errorText, sshProblem } from '../problems'
import type { Link } from './link'
import { isOpenFailure } from './session-pool'

/** The host's own attempt to connect may take as long as its kernel tries. */
const forwardTimeoutMs = 30_000

/** RFC 4254 §5.1. */
const administrativelyProhibited = 1

type Start = (client: Client, done: (error: Error | undefined, channel: ClientChannel) => void) => void

export function openForward(
  name: string,
  links: readonly Link[],
  host: string,
  port: number,
): Promise<Answer<Channel>> {
  return open(name, links, { host, port }, (client, done) =>
    client.forwardOut('127.0.0.1', 0, host, port, done),
  )
}

export function openStreamLocal(
  name: string,
  links: readonly Link[],
  path: string,
): Promise<Answer<Channel>> {
  return open(name, links, { host: path, port: 0 }, (client, done) =>
    client.openssh_forwardOutStreamLocal(path, done),
  )
}

function open(
  name: string,
  links: readonly Link[],
  target: { readonly host: string; readonly port: number },
  start: Start,
): Promise<Answer<Channel>> {
  const link = links[0]
  if (link === undefined) return Promise.resolve(fail(sshProblem('ssh.lost', name)))
  return new Promise((resolve) => {
    let late = false
    const timer = setTimeout(() => {
      late = true
      resolve(fail(sshProblem('ssh.timeout', name, { seconds: forwardTimeoutMs / 1000 })))
    }, forwardTimeoutMs)
    const settle = (answer: Answer<Channel>) => {
      clearTimeout(timer)
      resolve(answer)
    }
    try {
      start(link.client, (error, channel) => {
        if (late) {
          if (error === undefined) channel.close()
          return
        }
        if (error === undefined) {
          // As a socket does: when the other side has no more to say, this side is closed too.
          channel.on('end', () => channel.end())
          settle(ok(wrapChannel(channel, false, { released: () => undefined, alive: () => link.alive })))
          return
        }
        const text = errorText(error)
        if (!link.alive || !isOpenFailure(error)) return settle(fail(sshProblem('ssh.lost', name, {}, text)))
        const forbidden = error.reason === administrativelyProhibited
        settle(fail(sshProblem(forbidden ? 'ssh.forwardForbidden' : 'ssh.forwardFailed', name, target, text)))
      })
    } catch (error) {
      settle(fail(sshProblem('ssh.lost', name, {}, errorText(error))))
    }
  })
}
