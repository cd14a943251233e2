/*
 * /tmp/.XN-lock: the pid of the X server, right-aligned in ten columns, and a newline (X.Org os/utils.c,
 * LockServer):
 *
 *   "        88\n"
 */

/** null: not a lock that an X server wrote. */
export function parseXLock(content: string): number | null {
  const digits = /^ *(\d{1,10})\n?$/.exec(content)?.[1]
  return digits === undefined ? null : Number(digits)
}
