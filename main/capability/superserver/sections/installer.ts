import { decode } from '../../../../shared/codec'
import { parsePackageOffer, type PackageOffer } from '../../../../shared/probe/package-offer'
import type { Section } from '../../../host/script'
import type { Piece } from '../../../host/script-answer'

/**
 * What the host's package manager would do, by the lists that it has: nothing is fetched and nothing is written. Asked only
 * for a plan that wants it.
 */
export const tellInstaller: Section = {
  name: 'installer',
  seconds: 40,
  body: `wm_m=
for wm_p in apt-get dnf yum zypper apk pkg pacman; do
  if command -v "$wm_p" >/dev/null 2>&1; then wm_m=$wm_p; break; fi
done
if [ -n "$wm_m" ]; then
  wm_piece manager; printf '%s\\n' "$wm_m"
  wm_piece offer
  case $wm_m in
  apt-get) apt-cache policy xinetd ;;
  dnf) dnf -q -C list --available xinetd 2>/dev/null || dnf -q list --available xinetd ;;
  yum) yum -q -C list available xinetd 2>/dev/null || yum -q list available xinetd ;;
  zypper) zypper --non-interactive --no-refresh info xinetd ;;
  apk) apk policy xinetd ;;
  pkg) pkg rquery -U %v xinetd ;;
  pacman) pacman -Sp --print-format %v xinetd ;;
  esac </dev/null 2>/dev/null
  if [ "$wm_m" = apt-get ]; then wm_piece trial; apt-get -s -q --no-install-recommends install xinetd </dev/null 2>/dev/null; fi
fi
:`,
}

/** null: the host has no package manager that we know. */
export function readOffer(pieces: readonly Piece[]): PackageOffer | null {
  const said = (name: string): string =>
    decode(pieces.find((piece) => piece.name === name)?.bytes ?? new Uint8Array())
  return parsePackageOffer(said('manager'), said('offer'), said('trial'))
}
