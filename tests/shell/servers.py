"""Resolvers that misbehave, for tests (UDP, on loopback):

servers.py silent PORT                  says nothing
servers.py servfail PORT                says SERVFAIL
servers.py mortal PORT COUNT [SECONDS]  says NXDOMAIN COUNT times, then nothing (for SECONDS)
"""
import socket
import sys
import time

kind, port = sys.argv[1], int(sys.argv[2])
left = int(sys.argv[3]) if kind == "mortal" else None
pause = float(sys.argv[4]) if len(sys.argv) > 4 else float("inf")
dead_until = 0
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("127.0.0.1", port))
tcp = socket.socket()
tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
tcp.bind(("127.0.0.1", port))
tcp.listen()
print("ready", flush=True)
while True:
    query, peer = udp.recvfrom(4096)
    if left == 0:
        left, dead_until = None, time.monotonic() + pause
        print("dies", flush=True)
    if kind == "silent" or len(query) < 12 or time.monotonic() < dead_until:
        continue
    if left:
        left -= 1
    # The question comes back with QR and RA set and the code; no other section.
    end = 12
    while query[end]:
        end += query[end] + 1
    code = 2 if kind == "servfail" else 3
    reply = query[:2] + bytes([query[2] | 0x80, 0x80 | code]) + b"\0\1\0\0\0\0\0\0" + query[12:end + 5]
    udp.sendto(reply, peer)
