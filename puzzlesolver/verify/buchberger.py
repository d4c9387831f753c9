"""Gröbner bases by Buchberger's algorithm, under a deadline, on SymPy's sparse polynomials.

Source: T. Becker and V. Weispfenning, *Gröbner Bases*, 1993, section 5.5 (the update of Gebauer and Möller).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from puzzlesolver.verify.budget import Budget

Element = Any
"""A polynomial of a SymPy `PolyRing` over the rational numbers."""
Monomial = tuple[int, ...]

MOST_ELEMENTS = 300
MOST_PAIRS = 4_000
MOST_TERMS = 3_000
MOST_BITS = 30_000


class TooHard(ValueError):
    """The basis grows beyond what is worked out here."""


def groebner_basis(polynomials: Iterable[Element], budget: Budget) -> list[Element]:
    """The reduced Gröbner basis in the ring's own order. Raises `TooHard` and `OutOfTime`."""
    basis: list[Element] = []
    pairs: list[tuple[Element, Element]] = []
    waiting = sorted((p.monic() for p in polynomials if p), key=lambda p: p.ring.order(p.LM))
    done = 0
    for polynomial in waiting:
        rest = polynomial.rem(basis) if basis else polynomial
        if rest:
            basis, pairs = _updated(basis, pairs, rest.monic())
    while pairs:
        budget.check()
        done += 1
        if done > MOST_PAIRS or len(basis) > MOST_ELEMENTS:
            raise TooHard
        pair = min(pairs, key=_effort)
        pairs.remove(pair)
        rest = _reduced(_s_polynomial(*pair), basis, budget)
        if rest:
            rest = rest.monic()
            _look_at_size(rest)
            if rest.is_ground:
                return [rest]
            basis, pairs = _updated(basis, pairs, rest)
    return _interreduced(basis, budget)


def divides(one: Monomial, other: Monomial) -> bool:
    return all(a <= b for a, b in zip(one, other, strict=True))


def common_multiple(one: Monomial, other: Monomial) -> Monomial:
    return tuple(map(max, one, other))


def _effort(pair: tuple[Element, Element]) -> tuple[Any, ...]:
    order = pair[0].ring.order
    return order(common_multiple(pair[0].LM, pair[1].LM)), order(pair[0].LM), order(pair[1].LM)


def _s_polynomial(f: Element, g: Element) -> Element:
    common = common_multiple(f.LM, g.LM)
    up = tuple(c - a for c, a in zip(common, f.LM, strict=True))
    other = tuple(c - a for c, a in zip(common, g.LM, strict=True))
    return f.mul_monom(up) - g.mul_monom(other)


def _reduced(polynomial: Element, basis: Sequence[Element], budget: Budget) -> Element:
    """The remainder, looking at the time before it begins."""
    budget.check()
    return polynomial.rem(list(basis))


def _look_at_size(polynomial: Element) -> None:
    bits = max(max(int(c.numerator).bit_length(), int(c.denominator).bit_length()) for c in polynomial.coeffs())
    if len(polynomial) > MOST_TERMS or bits > MOST_BITS:
        raise TooHard


def _updated(
    basis: list[Element], pairs: list[tuple[Element, Element]], h: Element
) -> tuple[list[Element], list[tuple[Element, Element]]]:
    """The basis with `h`, and the pairs that still have to be looked at."""
    candidates = list(basis)
    kept: list[Element] = []
    while candidates:
        g = candidates.pop(0)
        common = common_multiple(h.LM, g.LM)
        coprime = not any(a and b for a, b in zip(h.LM, g.LM, strict=True))
        others = (*candidates, *kept)
        if coprime or not any(divides(common_multiple(h.LM, other.LM), common) for other in others):
            kept.append(g)
    new = [(h, g) for g in kept if any(a and b for a, b in zip(h.LM, g.LM, strict=True))]
    old = []
    for f, g in pairs:
        common = common_multiple(f.LM, g.LM)
        if not divides(h.LM, common) or common_multiple(f.LM, h.LM) == common or common_multiple(h.LM, g.LM) == common:
            old.append((f, g))
    return [*(g for g in basis if not divides(h.LM, g.LM)), h], [*old, *new]


def _interreduced(basis: Sequence[Element], budget: Budget) -> list[Element]:
    least = [
        f
        for number, f in enumerate(basis)
        if not any(
            divides(g.LM, f.LM) and (g.LM != f.LM or other < number) for other, g in enumerate(basis) if other != number
        )
    ]
    reduced = [_reduced(f, [g for g in least if g is not f], budget).monic() if len(least) > 1 else f for f in least]
    return sorted(reduced, key=lambda p: p.ring.order(p.LM))
