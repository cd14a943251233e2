import { Menu, type MenuItemConstructorOptions } from 'electron'

/**
 * macOS needs a menu for its editing keys; elsewhere the window draws its own. Reload and zoom by role are left
 * out: a reload would drop terminals.
 */
export function setMenu(): void {
  if (process.platform !== 'darwin') {
    Menu.setApplicationMenu(null)
    return
  }
  const template: MenuItemConstructorOptions[] = [
    { role: 'appMenu' },
    { role: 'editMenu' },
    { role: 'windowMenu' },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
