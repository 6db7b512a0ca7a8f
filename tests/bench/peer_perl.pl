#!/usr/bin/perl
# Mail::DKIM, Mail::SPF and Mail::DMARC over a corpus: peer_perl.pl CORPUS MESSAGES; a JSON object a message. DNS is a
# table in memory.
use strict;
use warnings;
use JSON::PP;
use Mail::DKIM::ARC::Verifier;
use Mail::DKIM::Verifier;
use Mail::DMARC::PurePerl;
use Mail::SPF;
use Net::DNS;

package Zone;

sub new { my ($class, $zone) = @_; return bless {zone => $zone}, $class }
sub errorstring { return $_[0]{errorstring} // '' }
sub udp_timeout { return 1 }
sub tcp_timeout { return 1 }

sub record {
	my ($owner, $type, $value) = @_;
	my %data = (CNAME => 'cname', A => 'address', AAAA => 'address');
	return Net::DNS::RR->new(owner => $owner, type => $type, ttl => 300, $data{$type} ? ($data{$type} => $value)
		: $type eq 'MX' ? (preference => $value->[0], exchange => $value->[1]) : (txtdata => [unpack '(a255)*', $value]));
}

sub send {
	my ($self, $name, $type) = @_;
	$name = lc $name =~ s/\.$//r;
	my $packet = Net::DNS::Packet->new($name, $type);
	my $types = $self->{zone}{$name};
	if ($types && $types->{CNAME}) {
		$packet->push(answer => record($name, 'CNAME', $types->{CNAME}[0]));
		$types = $self->{zone}{$name = $types->{CNAME}[0]};
	}
	$self->{errorstring} = $types ? 'NOERROR' : 'NXDOMAIN';
	$packet->header->rcode($self->{errorstring});
	$packet->push(answer => map { record($name, $type, $_) } @{$types->{$type} || []}) if $types;
	return $packet;
}

sub query { my ($self, @question) = @_; my $packet = $self->send(@question); return scalar $packet->answer ? $packet : undef }
sub search { my ($self, @question) = @_; return $self->query(@question) }

package main;

sub slurp { open my $file, '<:raw', $_[0] or die "$_[0]: $!"; local $/; return scalar <$file> }

# It refuses names whose suffix the public list does not know.
no warnings 'redefine';
*Mail::DMARC::Base::is_public_suffix = sub { return $_[1] eq 'example' };

my ($folder, $messages) = @ARGV;
my $resolver = Zone->new(decode_json(slurp("$folder/zone.json")));
my $server = Mail::SPF::Server->new(dns_resolver => $resolver, hostname => 'mx.receiver.example');
Mail::DKIM::DNS::resolver($resolver);

sub verified {
	my ($verifier, $octets) = @_;
	$verifier->PRINT($octets);
	$verifier->CLOSE;
	return $verifier;
}

sub spf_of {
	my ($row) = @_;
	my @identity = $row->{mail_from} ne '' ? (mfrom => $row->{mail_from}) : (helo => $row->{helo});
	return $server->process(Mail::SPF::Request->new(scope => $identity[0], identity => $identity[1],
		ip_address => $row->{client_ip}, helo_identity => $row->{helo}))->code;
}

sub dmarc_of {
	my ($row, $octets, $dkim, $spf) = @_;
	my ($author) = $octets =~ /^From:.*?\@([^>\s]+)/m;
	my $domain = $row->{mail_from} =~ s/.*\@//r || $row->{helo};
	my $dmarc = Mail::DMARC::PurePerl->new;
	$dmarc->set_resolver($resolver);
	$dmarc->source_ip($row->{client_ip});
	$dmarc->header_from($author);
	$dmarc->envelope_from($domain);
	$dmarc->spf([{scope => 'mfrom', domain => $domain, result => $spf}]);
	$dmarc->dkim($dkim);
	my $answer = eval { $dmarc->validate } or return 'crash';
	return $answer->result eq 'fail' && !$answer->published ? 'none' : $answer->result;
}

open my $table, '<', "$folder/expected.csv" or die $!;
my $head = <$table>;
my @names = split /,/, $head =~ s/\r?\n//r;
while (my $line = <$table>) {
	my %row;
	@row{@names} = split /,/, $line =~ s/\r?\n//r, -1;
	last if $row{number} > $messages;
	my $octets = slurp(sprintf '%s/eml/%06d.eml', $folder, $row{number});
	my $dkim = verified(Mail::DKIM::Verifier->new, $octets);
	my $arc = verified(Mail::DKIM::ARC::Verifier->new, $octets);
	my $spf = spf_of(\%row);
	print encode_json({number => $row{number}, spf => $spf, dkim => $dkim->result, arc => $arc->result,
		dmarc => dmarc_of(\%row, $octets, $dkim, $spf)}), "\n";
}
