"""A claimed solution with its texts read: expressions for its values, symbols for its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sympy import Expr, Poly, Rational, Symbol
from sympy.polys.polyerrors import BasePolynomialError

from puzzlesolver.problem import Condition
from puzzlesolver.verification.affine import Affine
from puzzlesolver.verification.claims import ClaimedSolution
from puzzlesolver.verification.shapes import is_small


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of ``solutions``.

    `values` holds the closed forms that there are, in `free` and `whole` parameters and the puzzle's `names` that stay.
    `conditions` are those on the parameters, and `equalities` expressions that are zero; `opaque` says that some of
    what was claimed could not be read.
    """

    claim: ClaimedSolution
    values: Mapping[Symbol, Expr]
    free: tuple[Symbol, ...] = ()
    whole: tuple[Symbol, ...] = ()
    conditions: tuple[Condition, ...] = ()
    opaque: bool = False
    names: tuple[Symbol, ...] = ()
    equalities: tuple[Expr, ...] = ()

    @property
    def parameters(self) -> tuple[Symbol, ...]:
        return (*self.free, *self.whole, *self.names)

    @property
    def is_whole(self) -> bool:
        """Whether all its parameters are whole numbers."""
        return not self.free and not self.names

    @property
    def is_point(self) -> bool:
        return not self.parameters

    @property
    def is_unconditional(self) -> bool:
        """Whether it is claimed for all values of its parameters."""
        return not self.conditions and not self.equalities and not self.opaque

    def affine(self, symbols: tuple[Symbol, ...]) -> Affine | None:
        """The values as an affine set over the parameters in their order, None where they are none with rational
        coefficients, or where a value is missing."""
        forms = []
        for symbol in symbols:
            form = affine_form(self.values[symbol], self.parameters) if symbol in self.values else None
            if form is None:
                return None
            forms.append(form)
        directions = tuple(tuple(factors[j] for factors, _ in forms) for j in range(len(self.parameters)))
        return Affine(tuple(constant for _, constant in forms), directions)


def affine_form(expression: Expr, symbols: tuple[Symbol, ...]) -> tuple[tuple[Fraction, ...], Fraction] | None:
    """Factors and constant of an expression that is affine in `symbols` with rational numbers; else None."""
    if isinstance(expression, Rational):
        return (Fraction(0),) * len(symbols), _fraction(expression)
    used = tuple(symbol for symbol in symbols if symbol in expression.free_symbols)
    if not used or not is_small(expression) or not expression.is_polynomial(*used):
        return None
    try:
        found = Poly(expression, *used, domain="QQ")
    except BasePolynomialError:
        return None
    if found.total_degree() > 1:
        return None
    place = {symbol: number for number, symbol in enumerate(symbols)}
    factors = [Fraction(0)] * len(symbols)
    constant = Fraction(0)
    for powers, c in found.terms():
        if any(powers):
            factors[place[used[powers.index(1)]]] = _fraction(c)
        else:
            constant = _fraction(c)
    return tuple(factors), constant


def _fraction(number: Rational) -> Fraction:
    return Fraction(int(number.p), int(number.q))
