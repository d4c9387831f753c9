"""``diff(e, x)``: derivatives, taken before the values of `let` are put in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from sympy import Abs, Derivative, DiracDelta, Expr, Heaviside, Integer, Max, Min, S, Subs, Symbol, sign

from puzzlesolver.language import tree
from puzzlesolver.language.context import BuildContext
from puzzlesolver.language.mistakes import Mistake, TooMuch, Unsupported
from puzzlesolver.language.scope import Scope
from puzzlesolver.problem import real_symbol
from puzzlesolver.problem.functions import Requirement, expression_conditions, not_zero

MAX_ORDER = 20  # How often an expression may be differentiated at once.
MAX_DERIVED = 3_000  # Nodes of an expression that is differentiated: its derivative may have their square.


class DerivativeBuilder:
    """Lowers ``diff`` for one `ExpressionBuilder`."""

    def __init__(self, builder: BuildContext) -> None:
        self._builder = builder

    def build(self, node: tree.Apply, scope: Scope) -> Expr:
        """The derivative: evaluated, or, where the file asks for it at values of `let`, as ``Subs(Derivative)``."""
        if len(node.arguments) < 2:
            raise Mistake(node.span, "diff takes an expression and what to differentiate by", "diff(x^2, x)")
        body = node.arguments[0]
        if isinstance(body, tree.Slice):
            raise Mistake(body.span, "a range cannot be differentiated")
        variables, inner, values = self._variables(node, scope)
        outer = self._builder.gathered
        inside = self._builder.gathering()
        expression = self._builder.build(body, inner)
        self._builder.gathered = outer
        values |= {
            real_symbol(name): self._builder.value(name)
            for name in sorted(inner.kept)
            if real_symbol(name) in expression.free_symbols | set(variables)
        }
        evaluated = self._evaluated(expression, variables, node)
        required = [*inside.requirements, *self._smoothness(expression, variables), *expression_conditions(evaluated)]
        placed = [(lhs.xreplace(values), relation, rhs.xreplace(values)) for lhs, relation, rhs in required]
        self._builder.require(placed, scope, node.span, "there is no derivative at this point")
        if scope.asking and set(variables) <= values.keys():
            derivative = Derivative(expression, *variables, evaluate=False)
            return Subs(derivative, list(values), list(values.values()))
        return evaluated.xreplace(values)

    def _variables(self, node: tree.Apply, scope: Scope) -> tuple[list[Expr], Scope, dict[Expr, Expr]]:
        """The variables in order, the scope in which they are symbols, and the values of bound ones."""
        names = self._builder.names
        variables: list[Expr] = []
        values: dict[Expr, Expr] = {}
        local = dict(scope.local)
        expanded: set[str] = set()
        for argument in node.arguments[1:]:
            match argument:
                case tree.Number(text=text) if variables and text.isdigit():
                    if int(text) + len(variables) > MAX_ORDER:
                        raise TooMuch(argument.span, f"derivatives go up to the order {MAX_ORDER}")
                    variables.extend(variables[-1:] * (int(text) - 1))
                case tree.Name(name=name) if name in scope.local and isinstance(scope.local[name], Expr):
                    symbol = real_symbol(name)
                    values[symbol] = scope.local[name]
                    local[name] = symbol
                    variables.append(symbol)
                case tree.Name(name=name) if name in names.values:
                    expanded |= self._depending(name)
                    variables.append(real_symbol(name))
                case tree.Name() | tree.Element():
                    expanded |= self._depending(
                        argument.name if isinstance(argument, tree.Name) else argument.name.name
                    )
                    variable = self._builder.build(argument, scope)
                    if not isinstance(variable, Symbol) and not isinstance(argument, tree.Element):
                        raise Mistake(argument.span, f"'{argument.name}' is a constant")
                    variables.append(variable)
                case _:
                    raise Mistake(argument.span, "what to differentiate by is a name", "diff(x^2, x)")
        kept = frozenset(names.values) - expanded
        inner = replace(scope, local=local, kept=scope.kept | kept, expanded=scope.expanded | expanded)
        return variables, inner, values

    def _depending(self, name: str) -> set[str]:
        """The other values of `let` whose definitions contain a name, directly or by way of others and of functions."""
        names = self._builder.names
        bodies: dict[str, tree.Expression] = {
            other: node.value for other, node in names.values.items() if other not in self._builder.settings
        }
        bodies |= {other: node.body for other, node in names.functions.items()}
        mentioned = {
            other: {part.name for part in tree.walk(body) if isinstance(part, tree.Name)}
            for other, body in bodies.items()
        }
        found: set[str] = set()
        while True:
            more = {other for other, parts in mentioned.items() if parts & (found | {name})} - found - {name}
            if not more:
                return found & names.values.keys()
            found |= more

    def _smoothness(self, expression: Expr, variables: list[Expr]) -> Iterator[Requirement]:
        """A derivative needs its expression to have no kink or jump: none of |x|, sign(x), min, max."""
        for part in sorted(expression.atoms(Abs, sign), key=str):
            if part.has(*variables):
                yield from not_zero(part.args[0])
        for part in sorted(expression.atoms(Max, Min), key=str):
            if part.has(*variables):
                for left, right in combinations(part.args, 2):
                    yield from not_zero(left - right)

    def _evaluated(self, expression: Expr, variables: list[Expr], node: tree.Apply) -> Expr:
        for variable in variables:
            self._builder.check_size(expression, node.span, MAX_DERIVED)
            expression = expression.diff(variable)
        expression = expression.replace(Heaviside, lambda argument, *_: (sign(argument) + 1) / Integer(2))
        expression = expression.replace(DiracDelta, lambda *_: S.Zero)
        if expression.has(Derivative, Subs):
            raise Unsupported(node.span, "this expression has no derivative that could be written down")
        return expression
