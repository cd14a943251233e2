/*
 * /proc/self/mountinfo, proc_pid_mountinfo(5): the fifth field is the mount point, with blank, tab, newline and
 * backslash written as \040 \011 \012 \134.
 *
 *   36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
 */
export function parseMountPoints(text: string): ReadonlySet<string> {
  const points = text.split('\n').flatMap((line) => {
    const point = line.split(' ')[4]
    return point === undefined ? [] : [unescape(point)]
  })
  return new Set(points)
}

const unescape = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)))
