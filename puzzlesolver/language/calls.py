"""Names with brackets behind them: elements of arrays, functions, products, `sum` and its like.

A `CallBuilder` belongs to one `ExpressionBuilder`, which it builds arguments with.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product as every_pair

from sympy import Add, Expr, IndexedBase, Integer, Max, Min

from puzzlesolver.language import numbers, tree
from puzzlesolver.language.arrays import Ranges
from puzzlesolver.language.context import BuildContext
from puzzlesolver.language.derivatives import DerivativeBuilder
from puzzlesolver.language.indexing import affine, bound_scopes, whole
from puzzlesolver.language.limits import MAX_EXTREMES, MAX_TERMS
from puzzlesolver.language.mistakes import Mistake, TooMuch, counted, nearest
from puzzlesolver.language.names import CALLABLE, OTHER_FORMS, OTHER_NAMES, names_between
from puzzlesolver.language.scope import ElementUse, NotATemplate, Scope
from puzzlesolver.language.source import Span
from puzzlesolver.problem.functions import FUNCTIONS, NEVER_DEFINED, function_conditions


class CallBuilder:
    """Lowers everything that has brackets behind a name, for one `ExpressionBuilder`."""

    def __init__(self, builder: BuildContext) -> None:
        self._builder = builder
        self._derivatives = DerivativeBuilder(builder)
        self._elements: dict[tuple[str, tuple[Expr, ...]], Expr] = {}

    def element_node(self, node: tree.Element, scope: Scope) -> Expr:
        indices = []
        for index in node.indices:
            if isinstance(index, tree.Slice):
                raise Mistake(
                    index.span,
                    "a range of elements stands where a single value is expected",
                    "add them up with sum(...), or name one element",
                )
            indices.append(self.index(index, scope))
        return self.element(node, tuple(indices), scope)

    def index(self, node: tree.Expression, scope: Scope) -> Expr:
        """An index: a whole number, or an expression in the symbolic indices."""
        value = self._builder.build(node, scope.plain)
        if value.free_symbols - scope.bounds.symbols:
            name = min(str(symbol) for symbol in value.free_symbols - scope.bounds.symbols)
            hint = f"a `for` gives it values, sum(x[{name}] for {name} in 1..9), or `let {name} = 3` one"
            raise Mistake(node.span, f"an index must be known, and '{name}' is not", hint)
        if value.is_number:
            whole(value, node.span, "an index")
        elif not value.is_integer or affine(value, scope.bounds) is None:
            raise NotATemplate
        return value

    def element(self, node: tree.Element, indices: tuple[Expr, ...], scope: Scope) -> Expr:
        """One element of an array, its use noted."""
        name = node.name.name
        if name in self._builder.names.values or name in self._builder.names.functions or name in scope.local:
            raise Mistake(node.name.span, f"'{name}' has no index")
        built = self._elements.get((name, indices))
        if built is None:
            built = self._elements[name, indices] = IndexedBase(name, real=True)[indices]
        self._builder.uses.append(ElementUse(built, scope.bounds, node.span))
        self._builder.used.setdefault(name, node.span)
        return built

    def apply(self, node: tree.Apply, scope: Scope) -> Expr:
        name = node.name.name
        if name in self._builder.names.functions:
            return self._call(node, scope)
        if name == "diff":
            return self._derivatives.build(node, scope)
        if name in ("sum", "product", "min", "max"):
            arguments = self.several(node.arguments, scope)
            return self._fold(name, arguments, node.span)
        if name in FUNCTIONS:
            return self._function(node, scope)
        factors = self._builder.factors(node)
        if len(factors) == 1:
            hint = self.function_hint(name)
            if not hint and all(isinstance(argument, tree.Number | tree.Slice) for argument in node.arguments):
                hint = (
                    f"an index stands in square brackets, {name}[1, 2]; a function is defined: let {name}(a, b) = ..."
                )
            raise Mistake(node.name.span, f"unknown function '{name}'", hint)
        return self._builder.times([self._builder.build(factor, scope) for factor in factors], node.span)

    def function_hint(self, name: str) -> str | None:
        known = (*CALLABLE, *self._builder.names.functions)
        meant = OTHER_NAMES.get(name.lower()) or (None if name.lower() in OTHER_FORMS else nearest(name, known))
        return f"did you mean '{meant}'?" if meant else OTHER_FORMS.get(name.lower())

    def check_misspelt(self, node: tree.Apply) -> None:
        """A name that only ever stands before a bracket and is nearly a function's is no factor but a slip."""
        name = node.name.name
        if (
            len(name) < 2
            or name in self._builder.names.bare
            or name in self._builder.names.values
            or name in self._builder.columns
        ):
            return
        hint = self.function_hint(name)
        if hint:
            raise Mistake(node.name.span, f"unknown function '{name}'", hint)

    def _function(self, node: tree.Apply, scope: Scope) -> Expr:
        name = node.name.name
        entry = FUNCTIONS[name]
        arguments = tuple(self._builder.build(argument, scope) for argument in node.arguments)
        if entry.arity is not None and len(arguments) != entry.arity:
            said = f"'{name}' takes {_arguments(entry.arity)}, and here {counted(len(arguments))}"
            raise Mistake(node.span, said, _arity_hint(node))
        if name == "gcd":
            for argument, value in zip(node.arguments, arguments, strict=True):
                if not value.is_Integer and not self._builder.is_integer(value) and not value.is_integer:
                    raise Mistake(argument.span, "gcd is of whole numbers", "state that they are: `a, b in integer`")
        for argument in arguments:
            numbers.check_argument(name, argument, node.span)
        if name == "gamma" and arguments[0].is_Integer and arguments[0] > 0:
            return numbers.whole_factorial(arguments[0] - 1, node.span)
        broken = _UNDEFINED.get(name, _NO_VALUE)
        if not self._builder.require(function_conditions(name, arguments), scope, node.span, broken):
            return NEVER_DEFINED
        return entry.build(*arguments)

    def _call(self, node: tree.Apply, scope: Scope) -> Expr:
        function = self._builder.names.functions[node.name.name]
        name = function.name.name
        if name in scope.calls:
            others = scope.calls[scope.calls.index(name) + 1 :]
            notes = tuple((f"by way of '{other}'", self._builder.names.functions[other].span) for other in others)
            hint = "values that build on each other have an index: f[0] = 1; for n in 1..9: f[n] = n*f[n-1]"
            raise Mistake(function.span, f"'{name}' is defined by itself", hint, notes)
        if len(node.arguments) != len(function.parameters):
            raise Mistake(
                node.span,
                f"'{name}' takes {_arguments(len(function.parameters))}, and here {counted(len(node.arguments))}",
                notes=(("defined here", function.span),),
            )
        values = {
            parameter.name: self._builder.build(argument, scope)
            for parameter, argument in zip(function.parameters, node.arguments, strict=True)
        }
        inner = replace(scope, local=values, calls=(*scope.calls, name))
        built = self._builder.build(function.body, inner)
        self._builder.check_size(built, node.span)
        return built

    def several(self, nodes: Iterable[tree.Expression | tree.Slice], scope: Scope) -> list[Expr]:
        """The values of a list, with every slice, whole array and range of names written out."""
        found: list[Expr] = []
        for node in nodes:
            found.extend(self._spread(node, scope))
            self._check_count(node, len(found))
        return found

    def _check_count(self, node: tree.Expression | tree.Slice, count: int) -> None:
        if count > MAX_TERMS:
            raise TooMuch(node.span, f"this writes out more than {MAX_TERMS} elements")

    def _spread(self, node: tree.Expression | tree.Slice, scope: Scope) -> Iterator[Expr]:
        match node:
            case tree.Slice():
                for name in names_between(node):
                    yield self._builder.name(tree.Name(node.span, name), scope)
            case tree.Name(name="cells") if self._builder.cells:
                yield from self._builder.cells
            case tree.Name(name=name) if name in self._builder.names.arrays and name not in scope.local:
                ranges = self.array_ranges(name, node.span)
                element = tree.Element(node.span, node, ())
                self._check_count(node, math.prod(high - low + 1 for low, high in ranges))
                for indices in every_pair(*(range(low, high + 1) for low, high in ranges)):
                    yield self.element(element, tuple(map(Integer, indices)), scope)
            case tree.Element() if any(isinstance(index, tree.Slice) for index in node.indices):
                choices = [self._index_values(index, scope) for index in node.indices]
                self._check_count(node, math.prod(map(len, choices)))
                for chosen in every_pair(*choices):
                    yield self.element(node, chosen, scope)
            case _:
                yield self._builder.build(node, scope)

    def array_ranges(self, name: str, span: Span) -> Ranges:
        """The declared ranges of an array that is named as a whole."""
        declared = self._builder.arrays[name].declared
        if declared is None:
            hint = f"say so with a domain: {name}[1..9] in real"
            raise Mistake(span, f"how far the indices of '{name}' go is not stated", hint)
        return declared

    def _index_values(self, node: tree.Expression | tree.Slice, scope: Scope) -> list[Expr]:
        if not isinstance(node, tree.Slice):
            return [self.index(node, scope)]
        low, high = self.index(node.low, scope), self.index(node.high, scope)
        length = high - low
        if not length.is_Integer:
            raise NotATemplate
        if length > MAX_TERMS:
            raise TooMuch(node.span, f"a range of more than {MAX_TERMS} elements is too long to be written out")
        return [low + step for step in range(int(length) + 1)]

    def comprehension(self, node: tree.Comprehension, scope: Scope) -> Expr:
        name = node.name.name
        if name not in ("sum", "product", "min", "max"):
            raise Mistake(node.name.span, f"'{name}' takes no `for`", "sum, product, min and max do")
        terms = []
        for inner in bound_scopes(self._builder.build, node.clause, scope):
            terms.append(self._builder.build(node.body, inner))
            if len(terms) > MAX_TERMS:
                raise TooMuch(node.clause.span, f"this `{name}` has more than {MAX_TERMS} terms")
        return self._fold(name, terms, node.span)

    def _fold(self, name: str, terms: list[Expr], span: Span) -> Expr:
        if name == "sum":
            return Add(*terms)
        if name == "product":
            return self._builder.times(terms, span)
        if not terms:
            raise Mistake(span, f"the `{name}` of nothing")
        if len(terms) > MAX_EXTREMES:
            raise TooMuch(span, f"a `{name}` is of at most {MAX_EXTREMES} values")
        return (Min if name == "min" else Max)(*terms)


_NO_VALUE = "this has no real value"
_UNDEFINED = {
    "sqrt": "the square root of a negative number is no real number",
    "log": "the logarithm is of positive numbers only",
    "log2": "the logarithm is of positive numbers only",
    "log10": "the logarithm is of positive numbers only",
    "asin": "asin is of numbers from -1 to 1 only",
    "acos": "acos is of numbers from -1 to 1 only",
    "tan": "the tangent has no value here",
    "atan2": "atan2(0, 0) has no value",
    "gamma": "the gamma function has no value at 0, -1, -2, ...",
}


def _arity_hint(node: tree.Apply) -> str | None:
    """What was probably meant where a function has another number of arguments."""
    match node.arguments:
        case (tree.Number() as whole, tree.Number() as decimals) if decimals.span.start == whole.span.end + 1:
            return f"decimals are written with a point: {whole.text}.{decimals.text}"
    return _ARITY_HINTS.get(node.name.name)


_ARITY_HINTS = {
    "log": "log(x) is the natural logarithm; to another base it is log2(x), log10(x), log(x)/log(3)",
    "sqrt": "a root of another degree is cbrt(x), or x^(1/4)",
    "atan2": "atan2(y, x)",
    "atan": "the angle of a point is atan2(y, x)",
}


def _arguments(number: int) -> str:
    return "one argument" if number == 1 else f"{number} arguments"
