#!/usr/bin/perl
# wire.pl TAP-A TAP-B DELAY-MS: carries Ethernet frames between two tap devices, each DELAY-MS later.
# Stands in for tc-netem(8), which many kernels are built without. Says "ready" when it carries.
use strict;
use warnings;
use Time::HiRes qw(time);

use constant { TUNSETIFF => 0x400454ca, IFF_TAP => 2, IFF_NO_PI => 0x1000 };

my ($name_a, $name_b, $delay_ms) = @ARGV;
my $delay = $delay_ms / 1000;

sub tap {
  my ($name) = @_;
  open(my $device, '+<', '/dev/net/tun') or die "/dev/net/tun: $!\n";
  my $request = pack('Z16 s x22', $name, IFF_TAP | IFF_NO_PI);
  ioctl($device, TUNSETIFF, $request) or die "$name: $!\n";
  return $device;
}

my @tap = (tap($name_a), tap($name_b));
my @queue = ([], []);    # frames on their way out of tap 0 and of tap 1: [due, frame]
$| = 1;
print "ready\n";

while (1) {
  my $now = time;
  my $wait;
  for my $side (0, 1) {
    my $frames = $queue[$side];
    while (@$frames && $frames->[0][0] <= $now) {
      my $frame = shift @$frames;
      # A frame that the other end does not take is lost, as on a real wire.
      syswrite($tap[$side], $frame->[1]);
    }
    next unless @$frames;
    my $due = $frames->[0][0] - $now;
    $wait = $due if !defined $wait || $due < $wait;
  }
  my $readable = '';
  vec($readable, fileno($_), 1) = 1 for @tap;
  next unless select($readable, undef, undef, $wait) > 0;
  for my $side (0, 1) {
    next unless vec($readable, fileno($tap[$side]), 1);
    my $length = sysread($tap[$side], my $frame, 65536);
    die "tap $side: $!\n" unless defined $length;
    my $other = 1 - $side;
    push @{ $queue[$other] }, [time + $delay, $frame] if @{ $queue[$other] } < 20000;
  }
}
