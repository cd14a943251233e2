# Asks services, all at once, and writes what each said: one line for one line of the file.
# ask.pl FILE [SECONDS FOR TCP [SECONDS FOR UDP]] — lines of: tcp|udp 4|6 ADDRESS PORT SOURCE
use strict;
use warnings;
use Socket qw(:all);
use IO::Select;
use Time::HiRes qw(time);

my $most = 300;
# Seconds, for those that say nothing at all; a connection mostly ends in some way.
my %patience = (tcp => $ARGV[1] // 20, udp => $ARGV[2] // 1);
my (@asked, %place);
my $select = IO::Select->new;
open(my $file, '<', $ARGV[0]) or die;
while (my $line = <$file>) {
  my ($protocol, $version, $address, $port, $source) = split ' ', $line;
  my $family = $version == 4 ? AF_INET : AF_INET6;
  my $end = sub {
    my ($text, $number) = @_;
    my $packed = inet_pton($family, $text);
    return $family == AF_INET ? pack_sockaddr_in($number, $packed) : pack_sockaddr_in6($number, $packed);
  };
  my $one = { said => '', state => 'silent' };
  push @asked, $one;
  socket(my $socket, $family, $protocol eq 'tcp' ? SOCK_STREAM : SOCK_DGRAM, 0) or die;
  bind($socket, $end->($source, 0)) or die "$source: $!";
  # Packets that are dropped leave connect(2) without an answer; this ends it (socket(7)).
  setsockopt($socket, SOL_SOCKET, SO_SNDTIMEO, pack('l!l!', 2, 0)) or die;
  if (!connect($socket, $end->($address, $port))) { $one->{state} = 'refused'; next }
  # tcpmux wants a whole line, as RFC 1078 has it.
  send($socket, "hello\r\n", MSG_NOSIGNAL);
  $place{fileno $socket} = [$one, $protocol, $socket];
  $select->add($socket);
}
my ($start, $isClosed) = (time, 0);
while ($select->count) {
  my @left = map { $place{fileno $_} } $select->handles;
  my $patience = (grep { $_->[1] eq 'tcp' } @left) ? $patience{tcp} : $patience{udp};
  my $rest = $start + $patience - time;
  last if $rest <= 0;
  # discard waits for the end. The others must not see it: xinetd makes a connection by IPv4 one of IPv4 while it is whole.
  if (!$isClosed && time - $start > 0.5) {
    $isClosed = 1;
    shutdown($_->[2], 1) for @left;
  }
  $rest = 0.5 if !$isClosed && $rest > 0.5;
  for my $socket ($select->can_read($rest)) {
    my ($one, $protocol) = @{ $place{fileno $socket} };
    my $got = sysread($socket, my $part, 4096);
    $one->{said} .= $part if defined $got;
    $one->{state} = defined $got ? 'ended' : 'refused' if !$got || $protocol eq 'udp';
    shutdown($socket, 1) if $protocol eq 'tcp' && $one->{said} =~ /^hello/;
    $one->{state} = 'endless' if length $one->{said} >= $most;
    $select->remove($socket) if $one->{state} ne 'silent';
  }
}
for my $one (@asked) {
  my $said = substr $one->{said}, 0, $most;
  $said =~ s/([^ -~])/sprintf '\\x%02x', ord $1/ge;
  print "$one->{state} $said\n";
}
