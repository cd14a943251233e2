import type { SFTPWrapper } from 'ssh2'

/** Files of the host through the SFTP subsystem. */
export interface Sftp {
  close(): void
}

export function openSftp(_host: string, raw: SFTPWrapper, release: () => void): Sftp {
  raw.on('close', release)
  return {
    close() {
      raw.end()
    },
  }
}
