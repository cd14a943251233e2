/** The transport: one SSH host, however it is reached, and how one signs in to it. */
export type { Asker, HostKeyDecision, HostKeyQuestion, PromptPurpose, PromptQuestion } from './asker'
export { connect } from './connection'
export type {
  Channel,
  ChannelEnd,
  ConnectDeps,
  ConnectionState,
  ExecOptions,
  ExecResult,
  Pty,
  ShellChannel,
  Transport,
} from './connection'
export type { ResolvedHost } from './config/resolve'
export { readSshConfig } from './config/propose'
export type { SshConfig } from './config/propose'
export type { Environment } from './environment'
export { knownHostsIn, openKnownHosts } from './known-hosts/store'
export type { KnownHosts } from './known-hosts/store'
export { optionNote } from './notes'
export type { AuthMethod, Hop, Route } from './route'
export type { Sftp } from './sftp/sftp'
