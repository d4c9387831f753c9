"""Monomials as single integers, so that multiplying is adding, comparing is comparing and dividing is one subtraction.

The low fields of the integer hold the exponents e₁ … eₙ, each under a guard bit; the high fields hold the partial sums
e₁, e₁+e₂, …, e₁+…+eₙ, the total degree topmost. Comparing two such integers compares the total degrees first, then the
degrees without the last unknown, and so on: that is the graded reverse lexicographic order.
"""

from __future__ import annotations

from collections.abc import Sequence

FIELD = 16  # Bits a field: exponents and degrees up to 32767, the topmost bit being the guard.

MAX_DEGREE = (1 << (FIELD - 1)) - 1


class Monomials:
    """The monomials in `count` unknowns; the monomial 1 is the integer 0."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.guards = sum(1 << (FIELD * i + FIELD - 1) for i in range(count))
        self.unknowns = tuple(
            (1 << (FIELD * i)) + sum(1 << (FIELD * (count + k)) for k in range(i, count)) for i in range(count)
        )
        self._degree_shift = FIELD * (2 * count - 1) if count else 0

    def pack(self, exponents: Sequence[int]) -> int:
        """The integer of x₁^e₁ ⋯ xₙ^eₙ."""
        return sum(unit * exponent for unit, exponent in zip(self.unknowns, exponents, strict=True))

    def exponents(self, monomial: int) -> tuple[int, ...]:
        """The exponents e₁ … eₙ."""
        mask = (1 << FIELD) - 1
        return tuple((monomial >> (FIELD * i)) & mask for i in range(self.count))

    def degree(self, monomial: int) -> int:
        """The total degree."""
        return monomial >> self._degree_shift

    def divides(self, divisor: int, monomial: int) -> bool:
        """Whether `divisor` divides `monomial`: no exponent's field may have to borrow from its guard."""
        return (((monomial | self.guards) - divisor) & self.guards) == self.guards

    def lcm(self, a: int, b: int) -> int:
        """The least common multiple."""
        return self.pack([max(pair) for pair in zip(self.exponents(a), self.exponents(b), strict=True)])

    def standard(self, leading: Sequence[int], limit: int) -> tuple[int, ...] | None:
        """The monomials that no leading monomial divides, ascending; None when there are more than `limit`.

        They are closed under division, so each new one is an unknown times one found before.
        """
        if any(monomial == 0 for monomial in leading):
            return ()
        found = {0}
        layer = [0]
        while layer:
            following = {
                monomial + unit
                for monomial in layer
                for unit in self.unknowns
                if not any(self.divides(lead, monomial + unit) for lead in leading)
            }
            found |= following
            if len(found) > limit:
                return None
            layer = sorted(following)
        return tuple(sorted(found))

    def is_finite(self, leading: Sequence[int]) -> bool:
        """Whether only finitely many monomials are standard: every unknown has a pure power among the leading ones."""
        pure = set()
        for monomial in leading:
            support = [i for i, exponent in enumerate(self.exponents(monomial)) if exponent]
            if not support:
                return True
            if len(support) == 1:
                pure.add(support[0])
        return len(pure) == self.count
