"""Roots, absolute values, minima and maxima as polynomials in a few more unknowns.

In: a problem whose functions are all of these. Out: the same problem as a polynomial one, and the way back. Each new
unknown has exactly one value at every point where the old problem is defined (``u^2 = h, u >= 0`` for ``sqrt(h)``), so
that the solutions of the two correspond one to one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from sympy import Abs, Add, Expr, Integer, Max, Min, Mul, Pow, Rational, Symbol, sign

from puzzlesolver.analysis.classify import Analysis, Kind
from puzzlesolver.answer.reasons import LeftOpen, Why
from puzzlesolver.answer.solution import Evidence
from puzzlesolver.exact import limits
from puzzlesolver.exact.method import Context, Reduced, Reduction, Simpler
from puzzlesolver.exact.outcome import ExactSolution
from puzzlesolver.problem import REALS, Domain, Equation, Origin, Problem, Unknown, real_symbol
from puzzlesolver.proof.putback import put_back
from puzzlesolver.proof.verdict import Verdict

NOT_NEGATIVE = Domain(low=Integer(0), low_open=False)


_Of = TypeVar("_Of")


class _Other(Exception):
    """Some function is none of those."""


def _reduce(problem: Problem, analysis: Analysis, context: Context) -> Reduced | None:
    """The polynomial form of a problem; None where it has other functions, or nothing to replace."""
    rewriting = _Rewriting(problem)
    try:
        statements = [statement.mapped(rewriting.rewrite) for statement in problem.statements]
    except _Other:
        return None
    if not 0 < len(rewriting.meaning) <= limits.MOST_NEW:
        return None
    unknowns = (*rewriting.unknowns, *problem.unknowns)  # so that the old ones are free in a family
    changed = problem.part((*statements, *rewriting.equations), unknowns)
    meaning = dict(rewriting.meaning)
    return Reduced(
        [Simpler(changed, lambda solution: [_original(problem, meaning, solution)])],
        lambda outcomes: f"roots and absolute values as further unknowns; {outcomes[0].proof}",
    )


def _original(problem: Problem, meaning: Mapping[Symbol, Expr], solution: ExactSolution) -> ExactSolution:
    """A solution of the polynomial form without the new unknowns, which a family must not depend on.

    One whose coordinates are roots without closed forms keeps the polynomial form's evidence, as the solutions
    correspond one to one.
    """
    if meaning.keys() & set(solution.parameters):
        raise LeftOpen(Why.NOT_PUT_BACK_POLYNOMIAL())
    values = _without(meaning, solution.values)
    point = solution.point
    if point is not None and len(values) < len(problem.unknowns):
        point = replace(point, coordinates=_without(meaning, point.coordinates))
        return replace(solution, values=values, point=point, multiplicity=None)
    if not solution.parameters and put_back(problem, values) is not Verdict.HOLDS:
        raise LeftOpen(Why.NOT_PUT_BACK_POLYNOMIAL())
    return replace(
        solution,
        values=values,
        evidence=Evidence.EXACT,
        point=None,
        multiplicity=None,
        conditions=tuple(condition.at(meaning) for condition in solution.conditions),
        sample=None if solution.sample is None else _without(meaning, solution.sample),
    )


def _without(meaning: Mapping[Symbol, Expr], values: Mapping[Symbol, _Of]) -> dict[Symbol, _Of]:
    return {symbol: value for symbol, value in values.items() if symbol not in meaning}


class _Rewriting:
    """The new unknowns and their equations, as they are needed."""

    def __init__(self, problem: Problem) -> None:
        self._names = _fresh_names(problem)
        self._known: dict[Expr, Symbol] = {}
        self._unknowns_of = frozenset(problem.symbols)
        self.meaning: dict[Symbol, Expr] = {}
        self.unknowns: list[Unknown] = []
        self.equations: list[Equation] = []

    def rewrite(self, node: Expr) -> Expr:
        """The node as a quotient of polynomials in old and new unknowns."""
        if isinstance(node, Rational) or node in self._unknowns_of:
            return node
        if isinstance(node, Mul):
            return self._product(node)
        if isinstance(node, Add):
            return Add(*map(self.rewrite, node.args))
        if isinstance(node, Pow) and isinstance(node.exp, Integer):
            return self.rewrite(node.base) ** node.exp
        if isinstance(node, Pow) and isinstance(node.exp, Rational):
            return self._root(node.base, int(node.exp.q)) ** node.exp.p
        if isinstance(node, Abs):
            return self._size(node.args[0])
        if isinstance(node, (Max, Min)):
            best, *others = node.args
            half = Rational(1, 2) if isinstance(node, Max) else -Rational(1, 2)
            result = self.rewrite(best)
            for other in others:
                size = self._size(best - other)
                result = (result + self.rewrite(other)) / 2 + half * size
                best = node.func(best, other)
            return result
        raise _Other

    def _product(self, node: Expr) -> Expr:
        """A product; ``sign(h)*Abs(h)**(1/q)`` with odd q in it is the real root of h."""
        factors = list(node.args)
        result: Expr = Integer(1)
        for turned in [factor for factor in factors if isinstance(factor, sign)]:
            inner = turned.args[0]
            root = next((factor for factor in factors if _is_odd_root(factor, inner)), None)
            if root is None:
                raise _Other
            factors.remove(turned)
            factors.remove(root)
            result *= self._odd_root(inner, int(root.exp.q)) ** root.exp.p
        for factor in factors:
            result *= self.rewrite(factor)
        return result

    def _root(self, base: Expr, degree: int) -> Expr:
        root = Pow(base, Rational(1, degree))
        return self._new(root, lambda u: (u**degree, self.rewrite(base)), NOT_NEGATIVE)

    def _odd_root(self, base: Expr, degree: int) -> Expr:
        root = sign(base) * Pow(Abs(base), Rational(1, degree))
        return self._new(root, lambda u: (u**degree, self.rewrite(base)), REALS)

    def _size(self, inner: Expr) -> Expr:
        if inner.is_nonnegative:
            return self.rewrite(inner)
        return self._new(Abs(inner), lambda u: (u**2, self.rewrite(inner) ** 2), NOT_NEGATIVE)

    def _new(self, meaning: Expr, sides: _Sides, domain: Domain) -> Expr:
        if isinstance(meaning, Rational):
            return meaning
        if meaning not in self._known:
            symbol = next(self._names)
            lhs, rhs = sides(symbol)
            self._known[meaning] = symbol
            self.meaning[symbol] = meaning
            self.unknowns.append(Unknown(symbol, domain))
            self.equations.append(Equation(lhs, rhs, Origin(f"{symbol} = {meaning}")))
        return self._known[meaning]


_Sides = Callable[[Symbol], tuple[Expr, Expr]]


def _is_odd_root(factor: Expr, inner: Expr) -> bool:
    if not isinstance(factor, Pow) or not isinstance(factor.exp, Rational) or not isinstance(factor.base, Abs):
        return False
    return bool(factor.base.args[0] == inner and factor.exp.q % 2 == 1 and factor.exp.p % 2 == 1)


def _fresh_names(problem: Problem) -> Iterator[Symbol]:
    taken = {str(symbol.name) for symbol in problem.symbols}
    number = 1
    while True:
        if f"root{number}" not in taken:
            yield real_symbol(f"root{number}")
        number += 1


ROOTS = Reduction("roots as unknowns", (Kind.TRANSCENDENTAL,), _reduce)
