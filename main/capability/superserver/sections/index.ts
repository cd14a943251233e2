import { fileReading } from '../../../host/file-reading'
import type { Section } from '../../../host/script'
import { findDaemons } from './daemon'
import { readInetd } from './inetd'
import { tellNames } from './names'
import { readXinetd } from './xinetd'

const listUnits = `if [ -d /run/systemd/system ]; then
  wm_piece units
  systemctl show --no-pager -p Id,Description,Listen,ActiveState,UnitFileState,Triggers,Accept,NConnections,FragmentPath '*.socket'
fi
`

const listSockets = `if command -v ss >/dev/null; then wm_piece sockets; ss -H -lntup; fi
`

/** All that the view and a plan need. What stands behind the piece `inetd` is inetd's. */
export const readSuperserver: Section = {
  name: 'superserver',
  seconds: 15,
  body: [
    fileReading,
    findDaemons,
    readXinetd,
    readInetd,
    `if [ -n "$wm_xinetd$wm_seen$wm_dialect" ]; then\nwm_mounts\n${tellNames}fi\n`,
    listUnits,
    listSockets,
  ].join('\n'),
}
