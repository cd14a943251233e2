// Plain data with no imports, like test/lab/packages.mjs: read before npm ci.

/**
 * What Electron, its display and the app's pages need from Debian, beside the lab's own list.
 * @type {readonly { readonly name: string, readonly provides: string, readonly why: string }[]}
 *   `provides` is a file whose presence shows that the package is there.
 */
export const windowPackages = [
  library('libgtk-3-0', 'libgtk-3.so.0'),
  library('libnss3', 'libnss3.so'),
  library('libasound2', 'libasound.so.2'),
  library('libgbm1', 'libgbm.so.1'),
  library('libxss1', 'libXss.so.1'),
  library('libxtst6', 'libXtst.so.6'),
  library('libnotify4', 'libnotify.so.4'),
  library('libsecret-1-0', 'libsecret-1.so.0'),
  library('libxshmfence1', 'libxshmfence.so.1'),
  library('libdrm2', 'libdrm.so.2'),
  library('libcups2', 'libcups.so.2'),
  library('libatk-bridge2.0-0', 'libatk-bridge-2.0.so.0'),
  library('libxkbcommon0', 'libxkbcommon.so.0'),
  library('libxcomposite1', 'libXcomposite.so.1'),
  library('libxdamage1', 'libXdamage.so.1'),
  library('libxrandr2', 'libXrandr.so.2'),
  library('libpango-1.0-0', 'libpango-1.0.so.0'),
  { name: 'xvfb', provides: '/usr/bin/Xvfb', why: 'a display for tests and for the tour' },
  { name: 'xkb-data', provides: '/usr/share/X11/xkb/rules/evdev', why: 'the keyboard of that display' },
  { name: 'xdg-utils', provides: '/usr/bin/xdg-open', why: 'opens links in the browser' },
  {
    name: 'fonts-noto-cjk',
    provides: '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
    why: 'Chinese text',
  },
  {
    name: 'fonts-noto-color-emoji',
    provides: '/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf',
    why: 'emoji',
  },
  {
    name: 'fonts-dejavu-core',
    provides: '/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf',
    why: 'fixed-width text',
  },
  { name: 'fonts-inter', provides: '/usr/share/fonts/opentype/inter/Inter-Regular.otf', why: 'text' },
]

/**
 * What the app is measured against.
 * @type {typeof windowPackages}
 */
export const benchPackages = [
  {
    name: 'augeas-tools',
    provides: '/usr/bin/augtool',
    why: 'reads the files that our lenses are held against',
  },
  {
    name: 'augeas-lenses',
    provides: '/usr/share/augeas/lenses/dist/xinetd.aug',
    why: 'its lenses',
  },
  {
    name: 'ansible-core',
    provides: '/usr/bin/ansible-playbook',
    why: 'makes the change that ours is held against',
  },
  { name: 'websockify', provides: '/usr/bin/websockify', why: 'shows the desktop that ours is held against' },
]

/**
 * @param {string} name
 * @param {string} file
 */
function library(name, file) {
  return { name, provides: `/usr/lib/x86_64-linux-gnu/${file}`, why: 'Electron' }
}
