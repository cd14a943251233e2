import { describe, expect, it } from 'vitest'
import { parseVncCommand, splitArguments } from './vnc-command'

const of = (line: string) => parseVncCommand(line.split(' '))

describe('arguments of an Xvnc', () => {
  it('reads what tigervncserver of Debian 12 starts', () => {
    const argv = splitArguments(
      '/usr/bin/Xtigervnc\0:3\0-localhost=1\0-desktop\0deskhost.lab:3 (desk)\0-rfbport\x005903\0-PasswordFile\0/tmp/tigervnc.XID8I1/passwd\0-SecurityTypes\0VncAuth\0-auth\0/home/desk/.Xauthority\0-geometry\x001024x768\0-depth\x0024\0',
    )
    expect(parseVncCommand(argv)).toEqual({
      program: 'Xtigervnc',
      display: 3,
      geometry: { width: 1024, height: 768 },
      depth: 24,
      rfbPort: 5903,
      unixPath: null,
      localhost: true,
      address: null,
      securityTypes: ['VncAuth'],
      passwordFile: '/tmp/tigervnc.XID8I1/passwd',
      authority: '/home/desk/.Xauthority',
      desktopName: 'deskhost.lab:3 (desk)',
      inetd: false,
    })
  })

  it('takes a parameter in each of its spellings', () => {
    expect(of('Xvnc :1 SecurityTypes=None').securityTypes).toEqual(['None'])
    expect(of('Xvnc :1 --securitytypes=TLSVnc,VncAuth').securityTypes).toEqual(['TLSVnc', 'VncAuth'])
    expect(of('Xvnc :1 -localhost').localhost).toBe(true)
    expect(of('Xvnc :1 -localhost no').localhost).toBe(false)
    expect(of('Xvnc :1 -localhost=0').localhost).toBe(false)
    expect(of('Xvnc :1').localhost).toBeNull()
    expect(of('Xvnc :1 -rfbauth /home/a/.vnc/passwd').passwordFile).toBe('/home/a/.vnc/passwd')
  })

  it('reads a server on a Unix socket alone', () => {
    expect(of('Xvnc :4 -rfbport -1 -rfbunixpath /run/user/7/wm.4')).toMatchObject({
      display: 4,
      rfbPort: -1,
      unixPath: '/run/user/7/wm.4',
    })
  })

  it('knows one that a super-server started', () => {
    expect(of('Xvnc -inetd -query localhost -geometry 1024x768')).toMatchObject({
      inetd: true,
      display: null,
    })
  })

  it('takes nothing from words that are no parameters', () => {
    expect(of('Xvnc :1 -fp /usr/share/fonts geometry').geometry).toBeNull()
    expect(of('Xvnc :1 -geometry 0').geometry).toBeNull()
    expect(parseVncCommand([])).toMatchObject({ program: '', display: null })
    expect(of('Xvnc :99999999').display).toBeNull()
  })
})
