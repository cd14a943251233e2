import type { DesktopState, VncDisplay } from './state'

/** A host with TigerVNC as Debian 12 has it, for the account `desk`, and nothing running. */
export const debian: DesktopState = {
  host: 'harbor',
  login: { uid: 1013, name: 'desk', home: '/home/desk', folder: '/home/desk/.vnc', hasPassword: true },
  software: {
    server: { path: '/usr/bin/Xtigervnc', product: 'TigerVNC', version: [1, 12, 0] },
    starter: { kind: 'debian', path: '/usr/bin/tigervncserver' },
    passwordTool: '/usr/bin/tigervncpasswd',
  },
  displays: [],
  locks: [],
  sockets: [],
  ports: [],
  ended: [],
}

export const display = (number: number, more: Partial<VncDisplay> = {}): VncDisplay => ({
  number,
  pid: 1000 + number,
  startTime: '186388',
  program: 'Xtigervnc',
  owner: { uid: 1013, name: 'desk' },
  model: { kind: 'wrapper' },
  title: null,
  geometry: { width: 1280, height: 800, live: true },
  depth: 24,
  endpoint: { kind: 'tcp', address: '127.0.0.1', port: 5900 + number },
  reach: 'local',
  security: { types: ['VncAuth'], said: true },
  startedAt: null,
  viewers: [],
  programs: [],
  log: null,
  ...more,
})
