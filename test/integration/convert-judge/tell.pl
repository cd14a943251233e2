# The program behind the services: says as what it was started. It takes a connection, a socket that listens, or one of
# datagrams on its standard input.
use strict;
use warnings;
use Socket;
use POSIX ();

open(my $own, '<', "/proc/$$/cmdline") or die;
my $line = do { local $/; <$own> };
my $argv = join('|', split(/\0/, $line, -1));
$argv =~ s/\|$//;
# Numbers of groups, each once: the first of $) is the effective one.
my ($gid, @more) = split / /, $);
my %groups = map { $_ => 1 } @more;
my $said = sprintf("argv=%s uid=%d gid=%d groups=%s umask=%03o cwd=%s", $argv, $>, $gid,
  join(',', sort { $a <=> $b } keys %groups), umask, POSIX::getcwd());

# Perl would not write to its standard input.
open(my $socket, '+<&=', 0) or die;
my $type = unpack('i', getsockopt($socket, SOL_SOCKET, SO_TYPE));
if ($type == SOCK_DGRAM) {
  my $from = recv($socket, my $asked, 100, 0);
  send($socket, "$said family=" . sockaddr_family($from) . "\n", 0, $from);
  exit 0;
}
my $client = $socket;
if (unpack('i', getsockopt($socket, SOL_SOCKET, SO_ACCEPTCONN))) {
  accept(my $taken, $socket) or die;
  $client = $taken;
}
# What was sent must be read, or the end of the connection is a reset that takes the answer along.
sysread($client, my $asked, 100);
syswrite($client, "$said family=" . sockaddr_family(getpeername($client)) . "\n");
