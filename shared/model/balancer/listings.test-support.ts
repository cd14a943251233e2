/*
 * Printed by ipvsadm 1.31 on Debian 12's user-mode Linux, for:
 *   ipvsadm -A -t 198.18.2.204:80 -s wrr; -a … -r 10.0.0.1:8080 -m -w 3; -a … -r 10.0.0.2:8080 -m -w 1 -x 100 -y 50
 *   ipvsadm -A -u 198.18.2.204:53 -s rr -o; -a … -r 10.0.0.2:53 -g
 *   ipvsadm -A -f 7 -p 600 -s sh -b sh-port,sh-fallback; -a -f 7 -r 10.0.0.9 -i
 *   ipvsadm -A -t [fd00::1]:443 -s mh -p 100 -M 64; -a … -r [fd00::2]:443 -g
 *   ipvsadm -A -f 8 -6 -s rr
 */
export const listing = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  198.18.2.204:80 wrr
  -> 10.0.0.1:8080                Masq    3      12         4         
  -> 10.0.0.2:8080                Masq    1      0          0         
UDP  198.18.2.204:53 rr ops
  -> 10.0.0.2:53                  Route   1      0          0         
TCP  [fd00::1]:443 mh persistent 100 mask 64
  -> [fd00::2]:443                Route   1      0          0         
FWM  7 sh (sh-fallback,sh-port) persistent 600
  -> 10.0.0.9:0                   Tunnel  1      0          0         
FWM  8 IPv6 rr
`

export const thresholds = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn 
  -> RemoteAddress:Port
TCP  198.18.2.204:80 wrr
  -> 10.0.0.1:8080                0          0          12         4         
  -> 10.0.0.2:8080                100        50         0          0         
UDP  198.18.2.204:53 rr ops
  -> 10.0.0.2:53                  0          0          0          0         
TCP  [fd00::1]:443 mh persistent 100 mask 64
  -> [fd00::2]:443                0          0          0          0         
FWM  7 sh (sh-fallback,sh-port) persistent 600
  -> 10.0.0.9:0                   0          0          0          0         
FWM  8 IPv6 rr
`

export const totals = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes
  -> RemoteAddress:Port
TCP  198.18.2.204:80                    99      500      400    80000    90000
  -> 10.0.0.1:8080                      70      300      250    50000    60000
  -> 10.0.0.2:8080                      29      200      150    30000    30000
UDP  198.18.2.204:53                     0        0        0        0        0
  -> 10.0.0.2:53                         0        0        0        0        0
TCP  [fd00::1]:443                       0        0        0        0        0
  -> [fd00::2]:443                       0        0        0        0        0
FWM  7                                   0        0        0        0        0
  -> 10.0.0.9:0                          0        0        0        0        0
FWM  8 IPv6                              0        0        0        0        0
`

export const saved = `-A -t 198.18.2.204:80 -s wrr
-a -t 198.18.2.204:80 -r 10.0.0.1:8080 -m -w 3
-a -t 198.18.2.204:80 -r 10.0.0.2:8080 -m -w 1
-A -u 198.18.2.204:53 -s rr -o
-a -u 198.18.2.204:53 -r 10.0.0.2:53 -g -w 1
-A -t [fd00::1]:443 -s mh -p 100 -M 64
-a -t [fd00::1]:443 -r [fd00::2]:443 -g -w 1
-A -f 7 -s sh -p 600 -b sh-fallback,sh-port
-a -f 7 -r 10.0.0.9:0 -i -w 1 --tun-type gue --tun-port 6080 --tun-csum
-A -f 8 -6 -s rr
`
