#!/usr/bin/perl
# Mail::SPF, Mail::DKIM and Mail::DMARC over a file of cases (a JSON object a line); a result a line.
use strict;
use warnings;
use JSON::PP;
use Net::DNS;

# A resolver that knows one case's zone only.
package Stub;

sub new { my ($class) = @_; return bless {zone => {}, errorstring => ''}, $class }
sub errorstring { return $_[0]{errorstring} }
sub udp_timeout { return 1 }
sub tcp_timeout { return 1 }

sub find {
	my ($zone, $name) = @_;
	return $zone->{$name} if exists $zone->{$name};
	my @labels = split /\./, $name;
	while (@labels > 1) {
		shift @labels;
		my $above = join '.', @labels;
		return $zone->{"*.$above"} if exists $zone->{"*.$above"};
		return if exists $zone->{$above};
	}
	return;
}

sub record {
	my ($owner, $type, $value) = @_;
	my %data = (
		A => sub { (address => $value) }, AAAA => sub { (address => $value) },
		CNAME => sub { (cname => $value) }, PTR => sub { (ptrdname => $value) },
		MX => sub { (preference => $value->[0], exchange => $value->[1] eq '' ? '.' : $value->[1]) },
		TXT => sub { (txtdata => [ref $value ? @$value : unpack '(a255)*', $value]) });
	return Net::DNS::RR->new(owner => $owner, type => $type, ttl => 300, $data{$type}->());
}

# (outcome, records)
sub answers {
	my ($zone, $name, $type) = @_;
	my @rrs;
	for (1 .. 8) {
		my $types = find($zone, $name) or return ('NXDOMAIN', @rrs);
		return ($types->{ERR}) if $types->{ERR};
		if (!$types->{CNAME}) {
			return ('NOERROR', @rrs, map { record($name, $type, $_) } @{$types->{$type} || []});
		}
		push @rrs, record($name, 'CNAME', $types->{CNAME}[0]);
		$name = lc $types->{CNAME}[0];
	}
	return ('SERVFAIL');
}

sub send {
	my ($self, $name, $type) = @_;
	$name = lc $name;
	$name =~ s/\.$//;
	my ($outcome, @rrs) = answers($self->{zone}, $name, $type);
	$self->{errorstring} = $outcome eq 'TIMEOUT' ? 'query timed out' : $outcome;
	return if $outcome eq 'TIMEOUT';
	my $packet = Net::DNS::Packet->new($name, $type);
	$packet->header->rcode($outcome);
	$packet->push(answer => @rrs) if @rrs;
	return $packet;
}

sub query {
	my ($self, $name, $type) = @_;
	my $packet = $self->send($name, $type) or return;
	return scalar $packet->answer ? $packet : undef;
}
sub search { my $self = shift; return $self->query(@_) }

package main;

my $resolver = Stub->new;
my %have = map { my $module = $_; ($module => eval "require $module; 1") } qw(Mail::SPF Mail::DKIM::Verifier Mail::DMARC::PurePerl);
Mail::DKIM::DNS::resolver($resolver) if $have{'Mail::DKIM::Verifier'};
my $server = $have{'Mail::SPF'} && Mail::SPF::Server->new(dns_resolver => $resolver, hostname => 'mx.receiver.example');
my %run = (spf => \&run_spf, dkim => \&run_dkim, dmarc => \&run_dmarc);

sub say_result {
	my ($case, $peer, $result, $detail) = @_;
	print encode_json({id => $case->{id}, peer => $peer, result => $result, detail => "$detail"}), "\n";
	return;
}

sub run_spf {
	my ($case) = @_;
	return if !$have{'Mail::SPF'};
	my $result = eval {
		my $request = Mail::SPF::Request->new(scope => 'mfrom', identity => $case->{sender},
			ip_address => $case->{ip}, helo_identity => $case->{helo});
		$server->process($request);
	};
	return say_result($case, 'Mail::SPF', $result ? ($result->code, $result->local_explanation) : ('crash', $@));
}

sub run_dkim {
	my ($case) = @_;
	return if !$have{'Mail::DKIM::Verifier'};
	open my $file, '<:raw', $case->{file} or die "$case->{file}: $!";
	my $octets = do { local $/; <$file> };
	my $verifier = Mail::DKIM::Verifier->new;
	my $done = eval { $verifier->PRINT($octets); $verifier->CLOSE; 1 };
	return say_result($case, 'Mail::DKIM', $done ? ($verifier->result, $verifier->result_detail) : ('crash', $@));
}

sub run_dmarc {
	my ($case) = @_;
	return if !$have{'Mail::DMARC::PurePerl'};
	my ($result, $detail) = ('crash', '');
	eval {
		my $dmarc = Mail::DMARC::PurePerl->new;
		$dmarc->set_resolver($resolver);
		$dmarc->source_ip($case->{ip});
		$dmarc->header_from($case->{author});
		$dmarc->envelope_from(lc $case->{spf}{domain});
		$dmarc->spf([{scope => 'mfrom', domain => lc $case->{spf}{domain}, result => $case->{spf}{result}}]);
		$dmarc->dkim([map { +{domain => lc $_->{domain}, selector => $_->{selector}, result => $_->{result}} } @{$case->{dkim}}]);
		my $answer = $dmarc->validate;
		$detail = join ' ', map { $_->comment // $_->type // '' } @{$answer->reason || []};
		$result = $answer->result eq 'fail' && !$answer->published ? 'none' : $answer->result;
		1;
	} or $detail = $@;
	return say_result($case, 'Mail::DMARC', $result, $detail);
}

open my $cases, '<', $ARGV[0] or die "$ARGV[0]: $!";
while (my $line = <$cases>) {
	my $case = decode_json($line);
	$resolver->{zone} = $case->{zone};
	$run{$case->{method}}->($case);
}
