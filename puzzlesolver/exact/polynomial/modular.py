"""Rational numbers from their residues modulo several primes.

In: vectors of residues, one for each prime. Out: the vector of rationals of small height with these residues, if there
is one. What comes out is a guess until it is checked by other means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import isqrt

from flint import fmpq, fmpz, fmpz_mat

from puzzlesolver.exact import limits


def word_primes() -> Iterator[int]:
    """Primes below 2^62, descending, always the same ones."""
    candidate = (1 << limits.PRIME_BITS) - 1
    while True:
        if fmpz(candidate).is_prime():
            yield candidate
        candidate -= 2


def rational_vector(residues: Sequence[Sequence[int]], primes: Sequence[int]) -> list[fmpq] | None:
    """The rationals whose residues modulo `primes[k]` are `residues[k]`; None where some are not small enough.

    A rational is small enough when numerator and denominator both stay below half the root of the primes' product.
    """
    combined, modulus = _combined(residues, primes)
    bound = isqrt(modulus // 8)
    denominator = 1  # the denominators met so far: those of one vector are mostly alike
    found: list[fmpq] = []
    for residue in combined:
        scaled = residue * denominator % modulus
        if scaled > modulus >> 1:
            scaled -= modulus
        if abs(scaled) > bound:
            pair = _reconstructed(scaled % modulus, modulus, bound)
            if pair is None:
                return None
            scaled, factor = pair
            denominator *= factor
            if denominator > bound:
                return None
        found.append(fmpq(scaled, denominator))
    return found


def lifted(
    image: Callable[[int], Sequence[int] | None], first: int = 1, probe: int | None = None
) -> Iterator[list[fmpq]]:
    """Rational vectors with the images modulo ever more primes, `first` of them to begin with: guesses to be checked.

    `image` gives the residues modulo a prime; None, or ZeroDivisionError, where the prime does not serve. Where images
    differ in length, the shorter ones are of unlucky primes. Where the entries before `probe` are no residues of small
    rationals, the others are not looked at.
    """
    used: list[int] = []
    images: list[Sequence[int]] = []
    wanted = first
    for prime in word_primes():
        try:
            found = image(prime)
        except ZeroDivisionError:
            continue
        if found is None or (images and len(found) < len(images[0])):
            continue
        if images and len(found) > len(images[0]):
            used, images = [], []
        used.append(prime)
        images.append(found)
        if len(used) < wanted:
            continue
        wanted = len(used) + max(1, len(used) // 2)
        if probe is not None and rational_vector([row[:probe] for row in images], used) is None:
            continue
        vector = rational_vector(images, used)
        if vector is not None:
            yield vector


def _combined(residues: Sequence[Sequence[int]], primes: Sequence[int]) -> tuple[list[int], int]:
    """The Chinese remainders: numbers modulo the product of the primes."""
    modulus = 1
    for prime in primes:
        modulus *= prime
    units = [modulus // prime * pow(modulus // prime % prime, -1, prime) for prime in primes]
    rows, width = len(residues), len(residues[0])
    flat = [entry for row in residues for entry in row]
    product = fmpz_mat(1, rows, units) * fmpz_mat(rows, width, flat)
    return [int(product[0, k]) % modulus for k in range(width)], modulus


def _reconstructed(residue: int, modulus: int, bound: int) -> tuple[int, int] | None:
    """Numerator and denominator by the extended Euclidean algorithm, stopped half way (P. Wang, 1981)."""
    r0, r1, t0, t1 = modulus, residue, 0, 1
    while r1 > bound:
        quotient = r0 // r1
        r0, r1 = r1, r0 - quotient * r1
        t0, t1 = t1, t0 - quotient * t1
    if abs(t1) > bound or not t1:
        return None
    return (r1, t1) if t1 > 0 else (-r1, -t1)
