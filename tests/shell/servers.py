"""Resolvers that misbehave, for tests: servers.py silent|servfail PORT (UDP, on loopback)."""
import socket
import sys

kind, port = sys.argv[1], int(sys.argv[2])
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("127.0.0.1", port))
tcp = socket.socket()
tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
tcp.bind(("127.0.0.1", port))
tcp.listen()
print("ready", flush=True)
while True:
    query, peer = udp.recvfrom(4096)
    if kind == "silent" or len(query) < 12:
        continue
    # The question comes back with QR and RA set and the code SERVFAIL; no other section.
    end = 12
    while query[end]:
        end += query[end] + 1
    reply = query[:2] + bytes([query[2] | 0x80, 0x82]) + b"\0\1\0\0\0\0\0\0" + query[12:end + 5]
    udp.sendto(reply, peer)
