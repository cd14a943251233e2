import { z } from 'zod'
import { atApp, nothing, value } from './method'

export interface AppInfo {
  readonly version: string
  readonly electron: string
  readonly chrome: string
  readonly platform: 'darwin' | 'win32' | 'linux'
  readonly locale: string
}

export const appMethods = {
  'app.info': atApp(nothing, value<AppInfo>()),
  /** Opens an http(s) link in the user's browser, after the user confirmed it. */
  'app.openLink': atApp(z.object({ url: z.url({ protocol: /^https?$/ }).max(2048) }), value<null>()),
  'app.pickFile': atApp(z.object({ title: z.string().max(200) }), value<string | null>()),
  /** Into a file that the user names in the system's own dialog; null: the user named none. */
  'app.saveText': atApp(
    z.object({
      title: z.string().max(200),
      /** What the dialog proposes: a bare name. */
      name: z
        .string()
        .max(128)
        .regex(/^[\w][\w.-]*$/),
      text: z.string().max(64 * 1024 * 1024),
    }),
    value<{ readonly path: string } | null>(),
  ),
  'app.restartHostProcess': atApp(nothing, value<null>()),
}
