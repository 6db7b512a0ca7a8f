"""Keys out of a seed: the same label gives the same key on every machine, so that a corpus can be made again octet for
octet. Whoever knows the seed knows the keys: they are good for tests alone."""
import base64
import hashlib
import json
import multiprocessing
import os
import random
import sys

from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "differential"))
import signer  # noqa: E402 (a neighbour's folder)

EXPONENT = 65537
PRIME_BITS = 1024
ODD_CANDIDATES = 4096  # looked at from one random start; a prime of this size is among 355 odd numbers
ROUNDS = 8  # of Miller and Rabin: an error of 2^-16 at the very worst, far less for random numbers


def stream(*labels):
    """Random numbers of their own for one purpose."""
    return random.Random("/".join(map(str, labels)))


SMALL = [n for n in range(3, 4000, 2) if all(n % d for d in range(3, int(n ** 0.5) + 1, 2))]


def is_prime(n, rng):
    twos = ((n - 1) & (1 - n)).bit_length() - 1
    for base in [2] + [rng.randrange(3, n - 1) for _ in range(ROUNDS)]:
        x = pow(base, (n - 1) >> twos, n)
        if x in (1, n - 1):
            continue
        for _ in range(twos - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def prime(rng):
    while True:
        start = rng.getrandbits(PRIME_BITS) | 3 << (PRIME_BITS - 2) | 1
        is_composite = bytearray(ODD_CANDIDATES)
        for p in SMALL:
            first = -start * (p + 1) // 2 % p
            is_composite[first::p] = b"\1" * len(range(first, ODD_CANDIDATES, p))
        for i in (i for i, c in enumerate(is_composite) if not c):
            n = start + 2 * i
            if n % EXPONENT != 1 and n.bit_length() == PRIME_BITS and is_prime(n, rng):
                return n


def primes(seed_and_label):
    rng = stream("rsa", *seed_and_label)
    return prime(rng), prime(rng)


class RsaKey(signer.Key):
    def __init__(self, p, q):
        self.algorithm = "rsa"
        d = pow(EXPONENT, -1, (p - 1) * (q - 1))
        public = rsa.RSAPublicNumbers(EXPONENT, p * q)
        self.private = rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), public).private_key()
        self.floor_form = (p * q).to_bytes(PRIME_BITS // 4, "big")
        self.public = signer.public_text(self.private)


class Ed25519Key(signer.Key):
    def __init__(self, seed):
        self.algorithm = "ed25519"
        self.private = ed25519.Ed25519PrivateKey.from_private_bytes(seed)
        self.public = signer.public_text(self.private)
        self.floor_form = base64.b64decode(self.public)


class Ring:
    """All keys of a corpus, each with a number. The primes, which take a minute to find, are kept in a file."""

    def __init__(self, seed, cache, rsa_labels, ed_labels, jobs):
        known = {}
        if os.path.exists(cache):
            with open(cache, encoding="ascii") as file:
                known = json.load(file)
        missing = [label for label in rsa_labels if label not in known]
        with multiprocessing.Pool(jobs) as pool:
            known.update(zip(missing, pool.map(primes, [(seed, label) for label in missing], 1)))
        if missing:
            with open(cache, "w", encoding="ascii") as file:
                json.dump(known, file)
        self.keys = {("rsa", label): RsaKey(*known[label]) for label in rsa_labels}
        self.keys.update({("ed25519", label): Ed25519Key(hashlib.sha256(("%s/%s" % (seed, label)).encode()).digest())
                          for label in ed_labels})
        for number, key in enumerate(self.keys.values()):
            key.number = number

    def rsa(self, label):
        return self.keys["rsa", label]

    def ed25519(self, label):
        return self.keys["ed25519", label]
