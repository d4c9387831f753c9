"""Closed forms as text, read into SymPy's objects one node at a time. No text reaches an interpreter of code.

Python's `ast` module only tells the structure; every node is looked at and built here, within limits of size. Names
are the symbols that the caller admits, and the constants; a name that an unknown shares with a constant or a function
means the unknown.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from itertools import pairwise

import sympy
from sympy import Add, E, Expr, I, Integer, Mul, Pow, Rational, S, Symbol, pi

from puzzlesolver.problem import Condition, Origin, Relation
from puzzlesolver.verification.real_root import real_root
from puzzlesolver.verification.shapes import is_small

LONGEST_TEXT = 100_000
MOST_NODES = 20_000
DEEPEST = 150
MOST_BITS = 100_000
"""Of a power of numbers."""
LARGEST_EXPONENT = 10_000
LARGEST_FACTORIAL = 2_000
LARGEST_RADICAND = 8_000
"""In bits, since SymPy looks for factors of it."""
MARK = "ᛟ"
"""Begins the names that stand in for symbols while a text is taken apart."""


class NotAClosedForm(ValueError):
    """The text is no expression of the published syntax."""


class NotUnderstood(ValueError):
    """The text may well be a closed form, of a kind or a size that is not read here."""


ARITIES: Mapping[str, tuple[int, ...]] = {
    **dict.fromkeys(
        "Abs acos acosh asin asinh atan atanh ceiling cos cosh cot csc erf exp factorial floor".split(), (1,)
    ),
    **dict.fromkeys("gamma log sec sign sin sinh sqrt tan tanh".split(), (1,)),
    **dict.fromkeys(("Mod", "atan2", "binomial"), (2,)),
    **dict.fromkeys(("Max", "Min"), ()),
    "LambertW": (1, 2),
}
"""SymPy's functions that may stand in a text, and how many arguments each takes (none listed: any number from one)."""

CONSTANTS: Mapping[str, Expr] = {"pi": pi, "E": E, "I": I}
_EQUALS = re.compile(r"(?<![<>!=])=(?!=)")
_JUXTAPOSED = re.compile(r"((?<![\w.])\d+|\))(?=[^\s\d.+\-*/<>=!,)\]|])")
_OPERATORS: Mapping[type[ast.cmpop], Relation | None] = {
    ast.Lt: Relation.LESS,
    ast.LtE: Relation.AT_MOST,
    ast.NotEq: Relation.NOT_EQUAL,
    ast.Gt: Relation.LESS,
    ast.GtE: Relation.AT_MOST,
}


class Reader:
    """Reads texts in which the given symbols may stand, under their names."""

    def __init__(self, symbols: Iterable[Symbol]) -> None:
        self._symbols = {f"{MARK}{number}": symbol for number, symbol in enumerate(symbols)}
        self._short = {str(symbol.name): short for short, symbol in self._symbols.items()}
        names = sorted(self._short, key=len, reverse=True)
        # Names may be no identifiers of Python's (an emoji, `x[1, 2]`, `lambda`), so that all are replaced beforehand.
        self._names = re.compile(r"(?<![\w.])(?:" + "|".join(map(re.escape, names)) + r")(?![\w])") if names else None

    def read(self, text: str) -> Expr:
        """The expression; raises `NotAClosedForm` or `NotUnderstood`."""
        return self._made(self._parsed(text))

    def read_condition(self, text: str) -> tuple[tuple[Condition, ...], tuple[Expr, ...]]:
        """A chain of comparisons in the language's notation: the conditions, and what is to be zero."""
        node = self._parsed(_EQUALS.sub("==", text.replace("^", "**")), juxtaposed=True)
        if not isinstance(node, ast.Compare):
            raise NotUnderstood(f"'{text[:60]}' is no comparison")
        sides = [self._made(side) for side in (node.left, *node.comparators)]
        conditions: list[Condition] = []
        zeros: list[Expr] = []
        for (left, right), operator in zip(pairwise(sides), node.ops, strict=True):
            if isinstance(operator, ast.Eq):
                zeros.append(left - right)
                continue
            relation = _OPERATORS.get(type(operator))
            if relation is None:
                raise NotUnderstood(f"'{text[:60]}' is no comparison")
            if isinstance(operator, (ast.Gt, ast.GtE)):
                left, right = right, left
            conditions.append(Condition(left, relation, right, Origin(text)))
        return tuple(conditions), tuple(zeros)

    def _parsed(self, text: str, *, juxtaposed: bool = False) -> ast.expr:
        if len(text) > LONGEST_TEXT:
            raise NotUnderstood(f"a closed form of {len(text)} characters is too long")
        if juxtaposed:
            text = _JUXTAPOSED.sub(r"\1*", text)
        if MARK in (text if self._names is None else self._names.sub("", text)):
            raise NotAClosedForm(f"'{text[:60]}' holds a name that is not declared")
        if self._names is not None:
            text = self._names.sub(lambda match: self._short[match.group()], text)
        try:
            tree = ast.parse(text.strip(), mode="eval")
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            raise NotAClosedForm(f"'{text[:60]}' is no expression") from None
        if sum(1 for _ in ast.walk(tree)) > MOST_NODES:
            raise NotUnderstood("the closed form is too large")
        return tree.body

    def _made(self, node: ast.expr) -> Expr:
        try:
            expression = self._build(node, 0)
        except (NotAClosedForm, NotUnderstood):
            raise
        except (ArithmeticError, AttributeError, NotImplementedError, RecursionError, TypeError, ValueError) as error:
            raise NotUnderstood(f"SymPy does not make an expression of it ({type(error).__name__})") from None
        if not is_small(expression):
            raise NotUnderstood("the closed form is too large")
        if expression.has(S.NaN, S.ComplexInfinity, S.Infinity, S.NegativeInfinity):
            raise NotAClosedForm("the closed form is no number")
        return expression

    def _build(self, node: ast.expr, depth: int) -> Expr:
        if depth > DEEPEST:
            raise NotUnderstood("the closed form is nested too deeply")
        match node:
            case ast.Constant(value=int() as number) if not isinstance(number, bool):
                return Integer(number)
            case ast.Name(id=name):
                return self._named(name)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self._build(operand, depth + 1)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self._build(operand, depth + 1)
            case ast.BinOp(left=left, op=operator, right=right):
                return self._operation(operator, *self._chain(left, operator, right, depth))
            case ast.Call(func=ast.Name(id="CRootOf" | "ComplexRootOf"), args=[polynomial, index], keywords=[]):
                return self._root(polynomial, index)
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                return self._application(name, [self._build(argument, depth + 1) for argument in arguments])
            case _:
                raise NotAClosedForm(f"'{ast.unparse(node)[:60]}' has no place in a closed form")

    def _chain(self, left: ast.expr, operator: ast.operator, right: ast.expr, depth: int) -> list[Expr]:
        """The operands of a long sum or product, which is nested to the left, without nesting as deep."""
        pending = [right]
        kind = type(operator)
        while isinstance(left, ast.BinOp) and type(left.op) is kind and kind in (ast.Add, ast.Mult):
            pending.append(left.right)
            left = left.left
        return [self._build(part, depth + 1) for part in (left, *reversed(pending))]

    def _named(self, name: str) -> Expr:
        if name in self._symbols:
            return self._symbols[name]
        if name in CONSTANTS:
            return CONSTANTS[name]
        raise NotAClosedForm(f"the name '{name[:40]}' is not declared")

    @staticmethod
    def _operation(operator: ast.operator, *operands: Expr) -> Expr:
        match operator:
            case ast.Add():
                return Add(*operands)
            case ast.Sub():
                return operands[0] - operands[1]
            case ast.Mult():
                return Mul(*operands)
            case ast.Div():
                if operands[1].is_zero:
                    raise NotAClosedForm("the closed form divides by zero")
                return operands[0] / operands[1]
            case ast.Pow():
                return _power(*operands)
        raise NotAClosedForm(f"the operator {type(operator).__name__} has no place in a closed form")

    @staticmethod
    def _application(name: str, arguments: list[Expr]) -> Expr:
        arities = ARITIES.get(name)
        if arities is None:
            raise NotUnderstood(f"the function '{name[:40]}' is not known here")
        if (arities and len(arguments) not in arities) or not arguments:
            raise NotAClosedForm(f"{name} takes another number of arguments")
        if name in ("factorial", "gamma", "binomial") and any(
            not isinstance(a, Rational) or abs(a) > LARGEST_FACTORIAL for a in arguments
        ):
            raise NotUnderstood(f"{name} of such an argument is not worked out here")
        return getattr(sympy, name)(*arguments)

    def _root(self, polynomial: ast.expr, index: ast.expr) -> Expr:
        if not isinstance(index, ast.Constant) or type(index.value) is not int:
            raise NotAClosedForm("a root's number is a whole number")
        names = {node.id for node in ast.walk(polynomial) if isinstance(node, ast.Name)}
        if len(names) != 1:
            raise NotUnderstood("only roots of polynomials in one name with whole coefficients are read")
        variable = Symbol("x")
        inner = Reader(())
        inner._symbols = {names.pop(): variable}
        expression = inner._build(polynomial, 0)
        if not expression.is_polynomial(variable):
            raise NotAClosedForm("the root's equation is no polynomial")
        found = expression.as_poly(variable, domain="QQ")
        if found is None or found.degree() < 1:
            raise NotUnderstood("only roots of polynomials with rational coefficients are read")
        whole = found.clear_denoms(convert=True)[1].primitive()[1]
        root = real_root(tuple(int(c) for c in reversed(whole.all_coeffs())), index.value)
        if root is None:
            raise NotUnderstood("the root is not real, or its polynomial has multiple ones")
        return root


def _power(base: Expr, exponent: Expr) -> Expr:
    if isinstance(exponent, Rational):
        size = abs(int(exponent.p)) // int(exponent.q) + 1
        if size > LARGEST_EXPONENT:
            raise NotUnderstood("the exponent is too large")
        if isinstance(base, Rational):
            bits = max(abs(int(base.p)).bit_length(), int(base.q).bit_length())
            if bits * size > MOST_BITS or (exponent.q > 1 and bits > LARGEST_RADICAND) or exponent.q > LARGEST_EXPONENT:
                raise NotUnderstood("the power is too large")
            if not base and exponent < 0:
                raise NotAClosedForm("the closed form divides by zero")
    return Pow(base, exponent)
