"""Expressions of the syntax tree made into SymPy's, exactly, with the conditions under which they mean anything.

The conditions are taken from the syntax before SymPy can simplify them away: `x/x` becomes 1 and still asks `x != 0`.
One `ExpressionBuilder` serves a whole puzzle; it keeps the values of `let`, the names that turned out to be unknowns,
every use of an array element, and the budget of work.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from sympy import Abs, Add, Expr, I, Mul, Pow, gamma, nan, oo, pi, zoo

from puzzlesolver.language import numbers, tree
from puzzlesolver.language.arrays import ArrayFacts
from puzzlesolver.language.calls import CallBuilder
from puzzlesolver.language.definitions import Definitions
from puzzlesolver.language.indexing import bounded_sign
from puzzlesolver.language.limits import (
    MAX_DEPTH,
    MAX_SIZE,
    MAX_STEPS,
)
from puzzlesolver.language.mistakes import Mistake, TooMuch, Unsupported
from puzzlesolver.language.names import CALLABLE, NAMES_TOO, Names
from puzzlesolver.language.scope import GLOBAL, ElementUse, Gathered, NotATemplate, Scope
from puzzlesolver.language.source import Span
from puzzlesolver.problem import Relation, real_symbol
from puzzlesolver.problem.functions import (
    NEVER_DEFINED,
    IsInteger,
    Requirement,
    decide,
    function_conditions,
    integer_where,
    not_zero,
    power_conditions,
    real_mod,
)


class ExpressionBuilder:
    """Lowers expressions of one puzzle. `settings` are values that replace those of `let`."""

    def __init__(self, names: Names, settings: Mapping[str, Expr]) -> None:
        self.names = names
        self.used: dict[str, Span] = {}
        self.uses: list[ElementUse] = []
        self.gathered = Gathered()
        self.integers: set[str] = set()
        self.cells: tuple[Expr, ...] = ()
        self.words: dict[str, list[Expr]] = {}
        self.arrays: dict[str, ArrayFacts] = {}
        self.columns: frozenset[str] = frozenset()
        self._steps = 0
        self.settings = settings
        self.definitions = Definitions(self)
        self.calls = CallBuilder(self)
        self._build: dict[type, Callable[[Any, Scope], Expr]] = {
            tree.Number: self._number,
            tree.Name: self.name,
            tree.Question: self._question,
            tree.Group: lambda node, scope: self.build(node.operand, scope),
            tree.Magnitude: lambda node, scope: Abs(self.build(node.operand, scope)),
            tree.Negative: lambda node, scope: -self.build(node.operand, scope),
            tree.Sum: self._sum,
            tree.Product: self._product,
            tree.Juxtaposition: self._juxtaposition,
            tree.Power: self._power,
            tree.Factorial: self._factorial,
            tree.Element: self.calls.element_node,
            tree.Apply: self.calls.apply,
            tree.Comprehension: self.calls.comprehension,
        }

    # Requirements

    def gathering(self) -> Gathered:
        """Begin a new statement: what is required from here on goes into the returned record."""
        self.gathered = Gathered()
        return self.gathered

    def require(
        self, requirements: Iterable[Requirement], scope: Scope, span: Span, broken: str, hint: str | None = None
    ) -> bool:
        """Note where an expression is defined; what holds anyway is dropped, what fails of numbers is a mistake.

        Whether there may be such a place: ``log(-x^2)`` has no value for any x, and the puzzle no solution.
        """
        may_hold = True
        for requirement in requirements:
            answer = decide(requirement)
            if answer is None:
                answer = self._decide_over_indices(requirement, scope)
            lhs, _, rhs = requirement
            if answer is False and ((lhs - rhs).is_number or scope.columns):
                raise Mistake(span, broken, hint)
            if answer is not True:
                self.gathered.requirements.setdefault(requirement, span)
            may_hold = may_hold and answer is not False
        return may_hold

    def _decide_over_indices(self, requirement: Requirement, scope: Scope) -> bool | None:
        """Decide a requirement on symbolic indices alone, for all their values at once."""
        lhs, relation, rhs = requirement
        difference = rhs - lhs
        if not difference.free_symbols or not difference.free_symbols <= scope.bounds.symbols:
            return None
        sign = bounded_sign(difference, scope.bounds)
        if sign == 1 or (sign == -1 and relation is Relation.NOT_EQUAL):
            return True
        raise NotATemplate

    @property
    def is_integer(self) -> IsInteger:
        """Whether an expression is whole because the unknowns in it are."""
        return integer_where(self.integers)

    # Building

    def build(self, node: tree.Expression | tree.Slice, scope: Scope) -> Expr:
        """The expression of a node; raises `Mistake`, or `NotATemplate` under symbolic indices."""
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise TooMuch(node.span, f"the puzzle takes more than {MAX_STEPS} steps to write out")
        if isinstance(node, tree.Slice):
            raise Mistake(
                node.span, "a range 'A..B' stands where a value is expected", "ranges belong after `in` or in an index"
            )
        built = self._build[type(node)](node, scope)
        numbers.checked(built, node.span)
        if not built.is_Rational and built.is_number and not _is_a_value(built):
            raise Mistake(node.span, "this has no real value")
        return built

    def value(self, name: str) -> Expr:
        """The value of a `let`; raises `Mistake` where it has none."""
        return self.definitions.value(name)

    def constant(self, node: tree.Expression, what: str, *, infinity: bool = False, scope: Scope = GLOBAL) -> Expr:
        """A value that must be known: a bound, a setting."""
        value = self.build(node, replace(scope, infinity=infinity))
        if not value.is_number:
            names = ", ".join(sorted(f"'{symbol}'" for symbol in value.free_symbols))
            hint = f"let {min(map(str, value.free_symbols))} = 9" if what != "a setting" else None
            raise Mistake(node.span, f"{what} must be known, and {names} is not", hint)
        return value

    def _number(self, node: tree.Number, _: Scope) -> Expr:
        """A literal; one such as ``5e+1`` is none where `e` is a name of the text."""
        parts = _WITH_EXPONENT.fullmatch(node.text)
        if parts is not None:
            digits, letter, sign, exponent = parts.groups()
            product = f"{digits}*{letter} {sign} {exponent}" if sign else f"{digits}*{letter}{exponent}"
            if any(name in self.names.first or name in self.names.claimed for name in (letter, letter + exponent)):
                said = f"'{node.text}' can be read in two ways, because '{letter}' is a name here"
                power = f"10^{exponent}" if sign != "-" else f"10^-{exponent}"
                raise Mistake(node.span, said, f"write {product}, or {digits}*{power}")
        return numbers.literal(node.text, node.span)

    def _question(self, node: tree.Question, _: Scope) -> Expr:
        raise Mistake(node.span, "'?' asks for a value and stands alone on one side of one '='")

    def name(self, node: tree.Name, scope: Scope) -> Expr:
        name = node.name
        if name in scope.local:
            return scope.local[name]
        if name in scope.columns:
            return real_symbol(name)
        if name in self.columns:
            said = f"'{name}' is a column of the data, which stands for many values"
            raise Mistake(node.span, said, "give the unknown another name")
        if name in self.names.values:
            if name in scope.expanded:
                return self.build(self.names.values[name].value, replace(scope, local={}))
            return real_symbol(name) if name in scope.kept else self.value(name)
        if name in self.words:
            if len(set(self.words[name])) > 1:
                raise Mistake(node.span, f"the word '{name}' is several numbers, in several bases")
            return self.words[name][0]
        if name in self.names.functions:
            raise Mistake(node.span, f"'{name}' is a function; its arguments are expected behind it", f"{name}(...)")
        if name == "pi":
            return pi
        if name == "tau" and name not in self.names.claimed:
            return 2 * pi
        if name == "oo":
            if scope.infinity:
                return oo
            raise Mistake(node.span, "infinity is no value; it may only end an interval")
        if name == "cells" and self.cells:
            said = "'cells' are all the cells of the grid and no single value"
            raise Mistake(node.span, said, "cells in 1..9; all different: cells; one of them is r1c2")
        if name in self.names.arrays:
            raise Mistake(node.span, f"'{name}' has an index everywhere else", f"write {name}[...]")
        if name in CALLABLE and name not in NAMES_TOO:
            raise Mistake(
                node.span, f"'{name}' is a function; its argument is expected in brackets", f"write {name}(x)"
            )
        if name not in self.used and (call := self.names.glued_call(name)) is not None:
            said = f"'{name}' is one name, which nothing defines"
            raise Mistake(node.span, said, f"write {call}; an unknown called so is declared: {name} in real")
        self.used.setdefault(name, node.span)
        return real_symbol(name)

    def check_size(self, expression: Expr, span: Span, most: int = MAX_SIZE) -> None:
        """Refuse an expression whose written form would be endless, however cleverly it is shared in memory."""
        sizes: dict[Expr, tuple[int, int]] = {}
        waiting = [expression]
        while waiting:
            node = waiting[-1]
            missing = [part for part in node.args if part not in sizes]
            if missing:
                waiting.extend(missing)
            else:
                waiting.pop()
                known = [sizes[part] for part in node.args]
                sizes[node] = 1 + sum(size for size, _ in known), 1 + max((depth for _, depth in known), default=0)
        if I in sizes:
            raise Unsupported(span, "this is no real number, or is one at single points only")
        size, depth = sizes[expression]
        if size > most:
            raise TooMuch(span, f"this comes to an expression of more than {most} parts")
        if depth > MAX_DEPTH:
            raise TooMuch(span, f"this comes to operations nested deeper than {MAX_DEPTH}")

    def _sum(self, node: tree.Sum, scope: Scope) -> Expr:
        terms = [-self.build(term, scope) if minus else self.build(term, scope) for minus, term in node.terms]
        return Add(*terms)

    def _product(self, node: tree.Product, scope: Scope) -> Expr:
        factors: list[Expr] = []
        for operator, factor in node.factors:
            if operator != "*" and len(self.factors(factor)) > 1:
                said = f"a product without '*' behind '{operator}' can be read in two ways"
                raise Mistake(factor.span, said, "put brackets: 1/(2x) or (1/2)x")
            value = self.build(factor, scope)
            if operator == "*":
                factors.append(value)
            elif operator == "/":
                self.require(not_zero(value), scope, factor.span, "division by zero")
                factors.append(Pow(value, -1))
            else:
                self.require(function_conditions("mod", (value, value)), scope, factor.span, "`mod` by zero")
                left = self.times(factors, node.span)
                numbers.check_argument("mod", left, node.span)
                factors = [real_mod(left, value)]
        return self.times(factors, node.span)

    def times(self, factors: list[Expr], span: Span) -> Expr:
        numbers.check_product(factors, span)
        return Mul(*factors)

    def _juxtaposition(self, node: tree.Juxtaposition, scope: Scope) -> Expr:
        return self.times([self.build(factor, scope) for factor in node.factors], node.span)

    def factors(self, node: tree.Expression) -> tuple[tree.Expression, ...]:
        """`a(b)^2` with `a` no function is `a` and `b^2`; every other node is its own only factor."""
        match node:
            case tree.Juxtaposition():
                return node.factors
            case tree.Apply(arguments=(argument,)) if not self.names.is_function(node.name.name):
                if isinstance(argument, tree.Slice):
                    return (node,)
                self.calls.check_misspelt(node)
                return node.name, tree.Group(argument.span, argument)
            case tree.Factorial():
                *before, last = self.factors(node.operand)
                if before and not isinstance(node.operand, tree.Juxtaposition):
                    return *before, tree.Factorial(node.span, last)
            case tree.Power():
                *before, base = self.factors(node.base)
                exponent, *after = self.factors(node.exponent)
                if before or after:
                    return *before, tree.Power(node.span, base, exponent), *after
            case tree.Negative(operand=tree.Apply() | tree.Power()):
                first, *after = self.factors(node.operand)
                if after:
                    return tree.Negative(node.span, first), *after
        return (node,)

    def _power(self, node: tree.Power, scope: Scope) -> Expr:
        factors = self.factors(node)
        if len(factors) > 1:
            return self.times([self.build(factor, scope) for factor in factors], node.span)
        base, exponent = self.build(node.base, scope), self.build(node.exponent, scope)
        may_hold = self.require(
            power_conditions(base, exponent, self.is_integer),
            scope,
            node.span,
            "division by zero"
            if base.is_zero
            else "a power of a negative number with an exponent that is not whole is no real number",
            None if base.is_zero else "cbrt(x) is the one root that negative numbers have here",
        )
        return numbers.power(base, exponent, node.span) if may_hold else NEVER_DEFINED

    def _factorial(self, node: tree.Factorial, scope: Scope) -> Expr:
        factors = self.factors(node)
        if len(factors) > 1:
            return self.times([self.build(factor, scope) for factor in factors], node.span)
        operand = self.build(node.operand, scope.plain)
        if operand.is_number:
            return numbers.whole_factorial(operand, node.span)
        if operand.free_symbols <= scope.bounds.symbols:
            raise NotATemplate
        broken = "a factorial of a negative number"
        if not self.require(function_conditions("!", (operand,)), scope, node.span, broken):
            return NEVER_DEFINED
        return gamma(operand + 1)


_WITH_EXPONENT = re.compile(r"([\d.]+)([eE])([+-]?)(\d+)")


def _is_a_value(number: Expr) -> bool:
    """Whether a constant is a real number, or one of the infinities that may end an interval."""
    return not number.has(nan, zoo) and (number.is_real is not False or bool(number.is_infinite))
