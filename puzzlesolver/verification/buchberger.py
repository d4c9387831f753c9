"""Gröbner bases by Buchberger's algorithm, under a deadline, in the graded reverse lexicographic order.

A polynomial is a dictionary from monomials (tuples of exponents) to rational numbers of SymPy's field QQ.

Source: T. Becker and V. Weispfenning, *Gröbner Bases*, 1993, section 5.5 (the update of Gebauer and Möller).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Any

from puzzlesolver.verification.budget import Budget

Monomial = tuple[int, ...]
Terms = dict[Monomial, Any]

MOST_ELEMENTS = 300
MOST_PAIRS = 4_000
MOST_TERMS = 3_000
MOST_BITS = 30_000
STEPS_BETWEEN_LOOKS = 2_000


class TooHard(ValueError):
    """The basis grows beyond what is worked out here."""


@dataclass(frozen=True, slots=True)
class Element:
    """A polynomial with leading coefficient 1: its leading monomial, and its other terms."""

    lead: Monomial
    tail: tuple[tuple[Monomial, Any], ...]

    @property
    def is_constant(self) -> bool:
        return not any(self.lead)


def order(monomial: Monomial) -> tuple[Any, ...]:
    """The smaller, the greater the monomial is."""
    return -sum(monomial), monomial[::-1]


def divides(one: Monomial, other: Monomial) -> bool:
    return all(a <= b for a, b in zip(one, other, strict=True))


def common_multiple(one: Monomial, other: Monomial) -> Monomial:
    return tuple(map(max, one, other))


def times(one: Monomial, other: Monomial) -> Monomial:
    return tuple(a + b for a, b in zip(one, other, strict=True))


def over(one: Monomial, other: Monomial) -> Monomial:
    return tuple(a - b for a, b in zip(one, other, strict=True))


def groebner_basis(polynomials: Iterable[Mapping[Monomial, Any]], budget: Budget) -> list[Element]:
    """The reduced Gröbner basis. Raises `TooHard` and `OutOfTime`."""
    basis: list[Element] = []
    pairs: list[tuple[Element, Element]] = []
    for polynomial in sorted(polynomials, key=lambda terms: sorted(map(order, terms))[::-1], reverse=True):
        rest = remainder(polynomial, basis, budget)
        if rest:
            basis, pairs = _updated(basis, pairs, _monic(rest))
    done = 0
    while pairs:
        done += 1
        if done > MOST_PAIRS or len(basis) > MOST_ELEMENTS:
            raise TooHard
        pair = max(pairs, key=_effort)
        pairs.remove(pair)
        rest = remainder(_s_polynomial(*pair), basis, budget)
        if rest:
            element = _monic(rest)
            if element.is_constant:
                return [element]
            basis, pairs = _updated(basis, pairs, element)
    return _interreduced(basis, budget)


def remainder(polynomial: Mapping[Monomial, Any], basis: Sequence[Element], budget: Budget) -> Terms:
    """What is left of a polynomial when no leading monomial of the basis divides any of its terms."""
    terms = dict(polynomial)
    heap = [(order(monomial), monomial) for monomial in terms]
    heapify(heap)
    rest: Terms = {}
    steps = 0
    while heap:
        _, monomial = heappop(heap)
        coefficient = terms.pop(monomial, None)
        if not coefficient:
            continue
        steps += 1
        if steps % STEPS_BETWEEN_LOOKS == 1:
            budget.check()
        divisor = next((g for g in basis if divides(g.lead, monomial)), None)
        if divisor is None:
            rest[monomial] = coefficient
            continue
        shift = over(monomial, divisor.lead)
        for other, factor in divisor.tail:
            place = times(other, shift)
            old = terms.get(place)
            if old is None:
                terms[place] = -coefficient * factor
                heappush(heap, (order(place), place))
            else:
                terms[place] = old - coefficient * factor
    return rest


def _monic(terms: Terms) -> Element:
    bits = max(max(int(c.numerator).bit_length(), int(c.denominator).bit_length()) for c in terms.values())
    if len(terms) > MOST_TERMS or bits > MOST_BITS:
        raise TooHard
    lead, *others = sorted(terms, key=order)
    scale = terms[lead]
    return Element(lead, tuple((monomial, terms[monomial] / scale) for monomial in others))


def _effort(pair: tuple[Element, Element]) -> tuple[Any, ...]:
    """The greater, the smaller the pair's common multiple is."""
    return order(common_multiple(pair[0].lead, pair[1].lead)), order(pair[0].lead), order(pair[1].lead)


def _s_polynomial(f: Element, g: Element) -> Terms:
    common = common_multiple(f.lead, g.lead)
    up = over(common, f.lead)
    found = {times(monomial, up): c for monomial, c in f.tail}
    up = over(common, g.lead)
    for monomial, c in g.tail:
        place = times(monomial, up)
        found[place] = found[place] - c if place in found else -c
    return found


def _coprime(one: Monomial, other: Monomial) -> bool:
    return not any(a and b for a, b in zip(one, other, strict=True))


def _updated(
    basis: list[Element], pairs: list[tuple[Element, Element]], h: Element
) -> tuple[list[Element], list[tuple[Element, Element]]]:
    """The basis with `h`, and the pairs that still have to be looked at."""
    candidates = list(basis)
    kept: list[Element] = []
    while candidates:
        g = candidates.pop(0)
        common = common_multiple(h.lead, g.lead)
        others = (*candidates, *kept)
        if _coprime(h.lead, g.lead) or not any(divides(common_multiple(h.lead, f.lead), common) for f in others):
            kept.append(g)
    new = [(h, g) for g in kept if not _coprime(h.lead, g.lead)]
    old = []
    for f, g in pairs:
        common = common_multiple(f.lead, g.lead)
        if not divides(h.lead, common) or common in (common_multiple(f.lead, h.lead), common_multiple(h.lead, g.lead)):
            old.append((f, g))
    return [*(g for g in basis if not divides(h.lead, g.lead)), h], [*old, *new]


def _interreduced(basis: Sequence[Element], budget: Budget) -> list[Element]:
    """The reduced basis of one in which no leading monomial divides another."""
    reduced = []
    for f in basis:
        others = [g for g in basis if g is not f]
        reduced.append(Element(f.lead, tuple(remainder(dict(f.tail), others, budget).items())))
    return sorted(reduced, key=lambda element: order(element.lead))
