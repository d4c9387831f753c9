"""Systems with infinitely many complex solutions: their real solutions as a union of pieces, by case splits.

In: integer polynomials, and polynomials that must not vanish. Out: pieces that together hold every real solution:
finite ones, families given by a chain of steps (each unknown from those that come later), empty ones left out, and open
ones where the method ended. Every split is exhaustive: a product is zero where a factor is; a leading coefficient is
zero or it is not; a sum of squares is zero where every square is; two equal square roots have the same sign or not.
Source of the scheme: D. Wang, Elimination Methods, 2001.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from flint import fmpz_mpoly, fmpz_mpoly_ctx

from puzzlesolver.answer.reasons import Reason, Why
from puzzlesolver.exact import limits
from puzzlesolver.exact.polynomial.charts import away_from_subspaces
from puzzlesolver.exact.polynomial.f4 import TooLarge, UnluckyPrime
from puzzlesolver.exact.polynomial.finite import Empty, Finite, solve_subsystem
from puzzlesolver.exact.polynomial.quadratics import Twins, discriminant, square_part, squares_of, twins_of
from puzzlesolver.exact.polynomial.ring import coefficients_in, factors_of, primitive, product_of, unknowns_of


class StepKind(Enum):
    """How an unknown follows from the later ones: ``c·v + d = 0``, ``a·v² + b·v + c = 0``, or ``a·v^k + d = 0``."""

    LINEAR = "linear"
    QUADRATIC = "quadratic"
    POWER = "power"


@dataclass(frozen=True, slots=True)
class TriangularStep:
    """One unknown, and the equation that gives it; its leading coefficient does not vanish on the piece."""

    unknown: int
    equation: fmpz_mpoly
    kind: StepKind


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the solution set, on the way to being understood.

    The solutions in it are those of `rest` (in the unknowns `active`) and of the steps' equations at which no
    polynomial of `nonzero` vanishes. `settled` says that `rest` is in the form that the next step needs, and no basis
    of it is wanted.
    """

    rest: tuple[fmpz_mpoly, ...]
    active: tuple[int, ...]
    nonzero: tuple[fmpz_mpoly, ...] = ()
    steps: tuple[TriangularStep, ...] = ()
    settled: bool = False

    @property
    def equations(self) -> tuple[fmpz_mpoly, ...]:
        """Everything that is zero on the piece."""
        return (*self.rest, *(step.equation for step in self.steps))


@dataclass(frozen=True, slots=True)
class FinitePiece:
    """A piece with finitely many complex solutions, or those of its solutions at which `extra` vanishes too."""

    piece: Piece
    finite: Finite
    extra: tuple[fmpz_mpoly, ...] = ()


@dataclass(frozen=True, slots=True)
class FamilyPiece:
    """A piece whose unknowns all follow, step by step, from the free ones (`piece.active`)."""

    piece: Piece


@dataclass(frozen=True, slots=True)
class OpenPiece:
    """A piece that the method does not understand, and why."""

    piece: Piece
    reason: Reason


Leaf = FinitePiece | FamilyPiece | OpenPiece


class Cover:
    """The real zeros of `originals` at which no polynomial of `nonzero` vanishes, case by case."""

    def __init__(self, originals: Sequence[fmpz_mpoly], nonzero: Sequence[fmpz_mpoly], context: fmpz_mpoly_ctx) -> None:
        self.originals = tuple(originals)
        self.context = context
        self.used_squares = False
        self.whole = Piece(self.originals, tuple(range(context.nvars())), factors_of(nonzero))

    def run(self, piece: Piece) -> list[Leaf]:
        """Pieces whose union is `piece`."""
        parts = self._begun(piece)
        leaves = [part for part in parts if not isinstance(part, Piece)]
        stack = [part for part in reversed(parts) if isinstance(part, Piece)]
        looked_at = 0
        while stack:
            looked_at += 1
            if looked_at > limits.MOST_PIECES:
                return [*leaves, *(OpenPiece(left, Why.MANY_CASES()) for left in stack)]
            current = stack.pop()
            try:
                parts = self._look(current)
            except (TooLarge, UnluckyPrime) as error:
                parts = [OpenPiece(current, error.reason)]
            leaves += [part for part in parts if not isinstance(part, Piece)]
            stack += reversed([part for part in parts if isinstance(part, Piece)])
        return leaves

    def _look(self, piece: Piece) -> Sequence[Piece | Leaf]:
        """What a piece is, or the pieces it falls into."""
        lists = [self._cleaned(polynomial, piece.nonzero) for polynomial in piece.rest if not polynomial.is_zero()]
        if any(not factors for factors in lists):
            return []
        single = {str(factors[0]): factors[0] for factors in lists if len(factors) == 1}
        piece = replace(piece, rest=tuple(single.values()))
        products = [factors for factors in lists if len(factors) > 1 and not single.keys() & set(map(str, factors))]
        if products:
            return self._by_common_factor(piece, products) or self._by_factors(piece, products)
        if piece.settled:
            return self._split(replace(piece, settled=False))
        if not piece.active:
            return self.points(piece)
        basis = self._basis(piece)
        if isinstance(basis, Empty) or (isinstance(basis, Finite) and not basis.real):
            return []
        if isinstance(basis, Finite):
            return self.points(piece)
        return self._split(replace(piece, rest=basis))

    def _cleaned(self, polynomial: fmpz_mpoly, nonzero: Sequence[fmpz_mpoly]) -> tuple[fmpz_mpoly, ...]:
        """The irreducible factors that may vanish on the piece, the simplest first."""
        excluded = {str(other) for other in nonzero}
        factors = [factor for factor in factors_of([polynomial]) if str(factor) not in excluded]
        return tuple(sorted(factors, key=lambda f: (f.total_degree(), len(f), str(f))))

    def _by_factors(self, piece: Piece, products: Sequence[tuple[fmpz_mpoly, ...]]) -> list[Piece]:
        """One piece for every factor of the product with the fewest factors, none of which holds a part of another."""
        chosen = min(products, key=len)
        others = tuple(product_of(factors, self.context) for factors in products if factors is not chosen)
        return [
            replace(piece, rest=(*piece.rest, *others, factor), nonzero=(*piece.nonzero, *chosen[:number]))
            for number, factor in enumerate(chosen)
        ]

    def _by_common_factor(self, piece: Piece, products: Sequence[tuple[fmpz_mpoly, ...]]) -> list[Piece]:
        """Where a factor is common to everything: a hypersurface, and what lies outside of it. Else nothing."""
        common = [] if piece.rest else [f for f in products[0] if all(f in factors for factors in products)]
        if not common:
            return []
        factor = common[0]
        others = tuple(product_of([f for f in factors if f != factor], self.context) for factors in products)
        return [replace(piece, rest=(factor,)), replace(piece, rest=others, nonzero=(*piece.nonzero, factor))]

    def _begun(self, piece: Piece) -> Sequence[Piece | Leaf]:
        """The splits that are tried once, before any basis of the whole."""
        twins = twins_of(piece.rest, self.context)
        if twins is not None:
            return self._by_twins(piece, twins)
        try:
            away = away_from_subspaces(piece.rest, self.context)
        except (TooLarge, UnluckyPrime):
            away = None
        if away is None:
            return [piece]
        *parts, outside = self._by_zeros(piece, away.pivots)
        excluded = [dict(polynomial.to_dict()) for polynomial in piece.nonzero]
        return [FinitePiece(outside, away.finite.outside(excluded)), *parts]

    def _by_zeros(self, piece: Piece, unknowns: Sequence[int]) -> list[Piece]:
        """One piece for every one of some unknowns that is zero, the last one for where none is."""
        parts = []
        for unknown in (self.context.gens()[i] for i in unknowns):
            parts.append(replace(piece, rest=(*piece.rest, unknown)))
            piece = replace(piece, nonzero=(*piece.nonzero, unknown))
        return [*parts, piece]

    def _by_twins(self, piece: Piece, twins: Twins) -> list[Piece]:
        """The cases that a pair of quadratic equations gives; outside of the first ones, by zero coordinates too."""
        parts = []
        for case in twins.general:
            parts.append(replace(piece, rest=(*piece.rest, case), settled=True))
            piece = replace(piece, nonzero=(*piece.nonzero, case))
        for case in twins.special:
            parts += self._by_zeros(replace(piece, rest=(*piece.rest, case)), piece.active)
            piece = replace(piece, nonzero=(*piece.nonzero, case))
        return parts

    # --- what kind of piece it is -------------------------------------------------------------------------------------

    def _basis(self, piece: Piece) -> Empty | Finite | tuple[fmpz_mpoly, ...]:
        """The piece's own part of the system solved; else a basis, what must not vanish divided out if it can be."""
        if not piece.rest:
            return ()
        plain = solve_subsystem(piece.rest, piece.active, (), self.context)
        if not isinstance(plain, tuple):
            return plain
        most = limits.MOST_SATURATED if piece.steps else limits.MOST_SATURATED_WHOLE
        inside: list[fmpz_mpoly] = []
        for other in sorted(piece.nonzero, key=lambda polynomial: polynomial.total_degree()):
            degree = sum(polynomial.total_degree() for polynomial in (*inside, other))
            if degree <= most and set(unknowns_of([other])) <= set(piece.active):
                inside.append(other)
        return solve_subsystem(plain, piece.active, inside, self.context) if inside else plain

    def points(self, piece: Piece, others: Sequence[fmpz_mpoly] = ()) -> list[Leaf]:
        """The points of a piece where some more polynomials vanish, which must be finitely many."""
        everything = tuple(range(self.context.nvars()))
        equations = (*self.originals, *piece.equations, *others)
        found = solve_subsystem(equations, everything, (), self.context)
        if isinstance(found, Finite):
            found = found.outside([dict(polynomial.to_dict()) for polynomial in piece.nonzero])
        elif not isinstance(found, Empty):
            found = solve_subsystem(equations, everything, piece.nonzero, self.context)
        if isinstance(found, Empty):
            return []
        if isinstance(found, Finite):
            return [FinitePiece(piece, found, tuple(others))]
        return [OpenPiece(piece, Why.NOT_SEPARATED())]

    # --- the splits ---------------------------------------------------------------------------------------------------

    def _split(self, piece: Piece) -> Sequence[Piece | Leaf]:
        if not piece.rest:
            return [FamilyPiece(piece)]
        products = [self._cleaned(polynomial, piece.nonzero) for polynomial in piece.rest]
        if any(
            len(factors) != 1 or factors[0] != primitive(p) for factors, p in zip(products, piece.rest, strict=True)
        ):
            return [replace(piece, rest=tuple(product_of(factors, self.context) for factors in products))]
        for polynomial in piece.rest:
            squares = squares_of(polynomial) or squares_of(-polynomial)
            if squares and any(square != polynomial for square in squares):
                self.used_squares = True
                return [replace(piece, rest=(*piece.rest, *squares))]
        for candidates in (self._linear(piece), self._quadratic(piece), self._power(piece)):
            best = min(candidates, key=lambda candidate: candidate[0], default=None)
            if best is not None:
                return list(best[1])
        return [OpenPiece(piece, Why.NOT_RESOLVED())]

    def _candidates(self, piece: Piece, degree: int) -> Iterator[tuple[int, fmpz_mpoly, dict[int, fmpz_mpoly]]]:
        for unknown in piece.active:
            for polynomial in piece.rest:
                if polynomial.degrees()[unknown] == degree:
                    yield unknown, polynomial, coefficients_in(polynomial, unknown)

    def _linear(self, piece: Piece) -> Iterator[tuple[tuple[int, ...], Iterator[Piece]]]:
        """An unknown that occurs linearly in an equation."""
        for unknown, polynomial, parts in self._candidates(piece, 1):
            bars = self._cleaned(parts[1], piece.nonzero)
            cost = (len(bars) > 0, not parts[1].is_constant(), len(parts[1]), unknown, len(polynomial))
            yield tuple(map(int, cost)), self._take_linear(piece, unknown, polynomial, bars)

    def _take_linear(
        self, piece: Piece, unknown: int, polynomial: fmpz_mpoly, bars: Sequence[fmpz_mpoly]
    ) -> Iterator[Piece]:
        others = [other for other in piece.rest if other != polynomial]
        put_in = (other.resultant(polynomial, unknown) if other.degrees()[unknown] else other for other in others)
        yield replace(
            piece,
            rest=tuple(primitive(other) for other in put_in if not other.is_zero()),
            active=tuple(i for i in piece.active if i != unknown),
            nonzero=(*piece.nonzero, *bars),
            steps=(*piece.steps, TriangularStep(unknown, polynomial, StepKind.LINEAR)),
        )
        yield from self._on_bars(piece, bars)

    def _on_bars(self, piece: Piece, bars: Sequence[fmpz_mpoly]) -> Iterator[Piece]:
        """Where a leading coefficient vanishes, if it can."""
        if bars:
            yield replace(piece, rest=(*piece.rest, product_of(bars, self.context)))

    def _quadratic(self, piece: Piece) -> Iterator[tuple[tuple[int, ...], Iterator[Piece]]]:
        """An unknown that occurs to the second power at most in an equation."""
        for unknown, polynomial, parts in self._candidates(piece, 2):
            bars = self._cleaned(parts[2], piece.nonzero)
            cost = (len(bars) > 0, not parts[2].is_constant(), len(polynomial), unknown)
            yield tuple(map(int, cost)), self._take_quadratic(piece, unknown, polynomial, bars)

    def _take_quadratic(
        self, piece: Piece, unknown: int, polynomial: fmpz_mpoly, bars: Sequence[fmpz_mpoly]
    ) -> Iterator[Piece]:
        inside = replace(piece, nonzero=(*piece.nonzero, *bars))
        others = [
            primitive(reduced)
            for other in piece.rest
            if other != polynomial and not (reduced := pseudo_remainder(other, polynomial, unknown)).is_zero()
        ]
        if any(other.degrees()[unknown] for other in others):  # linear in the unknown now: that comes first
            yield replace(inside, rest=(polynomial, *others), settled=True)
        else:
            yield from self._by_discriminant(inside, unknown, polynomial, others)
        yield from self._on_bars(piece, bars)

    def _by_discriminant(
        self, piece: Piece, unknown: int, polynomial: fmpz_mpoly, others: Sequence[fmpz_mpoly]
    ) -> Iterator[Piece]:
        """The cases of a quadratic: a double root, and two roots where the discriminant can be positive."""
        double = polynomial.derivative(unknown)
        square, core = square_part(discriminant(polynomial, unknown))
        single = [] if square.is_constant() else [square]
        negative = squares_of(-core)
        if negative is not None:  # real only where every square in it vanishes, or the square factor does
            self.used_squares = True
            yield replace(piece, rest=(*piece.rest, double, *negative))
            for factor in single:
                yield replace(piece, rest=(*piece.rest, double, factor))
            return
        yield replace(
            piece,
            rest=tuple(others),
            active=tuple(i for i in piece.active if i != unknown),
            steps=(*piece.steps, TriangularStep(unknown, polynomial, StepKind.QUADRATIC)),
        )
        for factor in single:
            if squares_of(core) is None:  # where the core is negative, the double roots are points of their own
                yield replace(piece, rest=(*piece.rest, double, factor))

    def _power(self, piece: Piece) -> Iterator[tuple[tuple[int, ...], Iterator[Piece]]]:
        """An unknown that occurs in one equation alone, to one power alone."""
        for unknown in piece.active:
            holding = [polynomial for polynomial in piece.rest if polynomial.degrees()[unknown]]
            if len(holding) != 1:
                continue
            own = holding[0]
            parts = coefficients_in(own, unknown)
            degree = max(parts)
            if degree < 3 or set(parts) - {0, degree}:
                continue
            bars = self._cleaned(parts[degree], piece.nonzero)
            cost = (len(bars), degree % 2 == 0, degree, unknown)
            yield tuple(map(int, cost)), self._take_power(piece, unknown, own, bars)

    def _take_power(
        self, piece: Piece, unknown: int, polynomial: fmpz_mpoly, bars: Sequence[fmpz_mpoly]
    ) -> Iterator[Piece]:
        yield replace(
            piece,
            rest=tuple(other for other in piece.rest if other != polynomial),
            active=tuple(i for i in piece.active if i != unknown),
            nonzero=(*piece.nonzero, *bars),
            steps=(*piece.steps, TriangularStep(unknown, polynomial, StepKind.POWER)),
        )
        yield from self._on_bars(piece, bars)


def pseudo_remainder(polynomial: fmpz_mpoly, divisor: fmpz_mpoly, unknown: int) -> fmpz_mpoly:
    """The remainder in one unknown of the polynomial times a power of the divisor's leading coefficient."""
    degree = divisor.degrees()[unknown]
    leading = coefficients_in(divisor, unknown)[degree]
    variable = polynomial.context().gens()[unknown]
    while not polynomial.is_zero() and (height := polynomial.degrees()[unknown]) >= degree:
        top = coefficients_in(polynomial, unknown)[height]
        polynomial = polynomial * leading - top * variable ** (height - degree) * divisor
    return polynomial
