"""Lark's reductions made into the syntax tree of `tree.py`, one method for each rule and alias of the grammar.

Lark calls these while it parses, so nothing here recurses. What the grammar leaves open on purpose is checked here:
which factors may stand side by side, how deep powers are stacked, and that no word of the language serves as a name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from lark import Token

from puzzlesolver.language import tree
from puzzlesolver.language.limits import MAX_NAME, MAX_TOWER
from puzzlesolver.language.mistakes import BadSyntax, TooMuch, nearest
from puzzlesolver.language.names import CALLABLE, NAMES_TOO, OTHER_NAMES
from puzzlesolver.language.source import INVISIBLE, Span

RESERVED = {
    "in": "x in 1..9",
    "for": "for i in 1..9: ...",
    "if": "it chooses indices: for i in 1..9 if i != 3: ...",
    "and": "statements are separated by ';'",
    "mod": "n mod 3 = 1",
    "let": "let a = 3",
    "guess": "guess x = 1.5",
    "minimize": "minimize x^2",
    "maximize": "maximize x*y",
}
"""The words that no unknown can be called, with what they are for."""

STATEMENT_WORDS = ("let", "guess", "minimize", "maximize", "solve", "table", "data", "sigma", "weights", "grid", "for")

_RAISED = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")


_PLAIN: Mapping[str, tuple[Callable[..., tree.Node], tuple[int, ...]]] = {
    "question": (tree.Question, ()),
    "group": (tree.Group, (1,)),
    "magnitude": (tree.Magnitude, (1,)),
    "element": (tree.Element, (0, 2)),
    "apply": (tree.Apply, (0, 2)),
    "comprehension": (tree.Comprehension, (0, 2, 3)),
    "range": (tree.Slice, (0, 2)),
    "membership": (tree.Membership, (0, 2)),
    "all_different": (tree.AllDifferent, (1,)),
    "let_value": (tree.LetValue, (1, 3)),
    "let_function": (tree.LetFunction, (1, 3, 6)),
    "guess": (tree.Guess, (1, 3)),
    "solve_for": (tree.SolveFor, (1,)),
    "fit": (tree.Fit, (1, 3, 4)),
    "data_rows": (tree.DataRows, (1,)),
    "table": (tree.Table, (1,)),
    "for_block": (tree.For, (0,)),
    "set_domain": (tree.SetDomain, (1,)),
}
"""Rules that are the node of some of their children, with the places of these; optional ones come last."""


class TreeBuilder:
    """Builds nodes; `text` is what is being parsed, and begins at `offset` in its source."""

    def __init__(self) -> None:
        self.offset = 0
        self.text = ""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """The rules of `_PLAIN`; and those that are imported, which bear the name of their file before their own."""
        prefix, _, rule = name.rpartition("__")
        if rule in _PLAIN:
            node, places = _PLAIN[rule]
            return lambda children: node(self.span(children), *(children[k] for k in places if k < len(children)))
        if not prefix:
            raise AttributeError(name)
        return getattr(type(self), rule).__get__(self)  # type: ignore[no-any-return]

    def span(self, children: list[Any]) -> Span:
        """From the first child to the last."""
        return Span(self._of(children[0]).start, self._of(children[-1]).end)

    def _of(self, child: Any) -> Span:
        if isinstance(child, Token):
            return Span(self.offset + (child.start_pos or 0), self.offset + (child.end_pos or 0))
        if isinstance(child, tuple | list):
            return self.span(list(child))
        return child.span  # type: ignore[no-any-return]

    # Expressions

    def number(self, children: list[Token]) -> tree.Number:
        return tree.Number(self.span(children), str(children[0]).replace(INVISIBLE, ""))

    def name(self, children: list[Token]) -> tree.Name:
        span, text = self.span(children), unicodedata.normalize("NFC", str(children[0]).replace(INVISIBLE, ""))
        if len(text) > MAX_NAME:
            raise TooMuch(span, f"a name has at most {MAX_NAME} characters; this one has {len(text)}")
        if text in RESERVED:
            raise BadSyntax(span, f"'{text}' is a word of the language and cannot be a name here", RESERVED[text])
        return tree.Name(span, text)

    def constant(self, children: list[Token]) -> tree.Name:
        return tree.Name(self.span(children), "pi" if children[0] == "π" else "oo")

    def root(self, children: list[Any]) -> tree.Apply:
        called = tree.Name(self.span(children[:1]), "sqrt" if children[0] == "√" else "cbrt")
        return tree.Apply(self.span(children), called, (children[1],))

    def raised(self, children: list[Any]) -> tree.Power:
        base, digits = children
        self._check_root(base)
        text, at = str(digits).translate(_RAISED), self._of(digits)
        exponent: tree.Expression = tree.Number(at, text.lstrip("+-"))
        if text.startswith("-"):
            exponent = tree.Negative(at, exponent)
        return tree.Power(self.span(children), base, exponent)

    def factorial(self, children: list[Any]) -> tree.Factorial:
        if isinstance(children[0], tree.Factorial):
            raise BadSyntax(
                self._of(children[1]), "'!!' can be read in two ways", "write (n!)! for the factorial of a factorial"
            )
        self._check_root(children[0])
        return tree.Factorial(self.span(children), children[0])

    def power(self, children: list[Any]) -> tree.Power:
        base, _, exponent = children
        self._check_root(base)
        if isinstance(base, tree.Name) and base.name in CALLABLE and base.name not in NAMES_TOO:
            raise BadSyntax(
                self.span(children),
                f"'{base.name}' is a function; its argument is expected in brackets right behind it",
                f"a power of its value is {base.name}(x)^2, its inverse another function",
            )
        height, node = 1, exponent
        while isinstance(node, tree.Power | tree.Negative):
            height += isinstance(node, tree.Power)
            node = node.exponent if isinstance(node, tree.Power) else node.operand
            if height > MAX_TOWER:
                raise TooMuch(self.span(children), f"powers of powers are limited to {MAX_TOWER} storeys")
        return tree.Power(self.span(children), base, exponent)

    def _check_root(self, base: Any) -> None:
        """`√x²` has two readings; `√(x²)` and `(√x)²` have one each."""
        if _is_root_sign(base) and not isinstance(base.arguments[0], tree.Group):
            raise BadSyntax(base.span, "it is not clear what the root covers", "put brackets: √(x²) or (√x)²")

    def juxtaposition(self, children: list[Any]) -> tree.Juxtaposition:
        for left, right in pairwise(children):
            self._check_neighbours(left, right, children)
        return tree.Juxtaposition(self.span(children), tuple(children))

    def _check_neighbours(self, left: Any, right: Any, factors: list[Any]) -> None:
        """Nothing between two factors means a product only after a number or a closing bracket."""
        first, last = _first(right), _last(left)
        span = self.span([left, right])
        if isinstance(first, tree.Number):
            if isinstance(last, tree.Number):
                raise self._numbers(span, first, factors)
            if isinstance(last, tree.Name) and (last.name in CALLABLE or last.name in OTHER_NAMES):
                raise self._names(span, last, first.text)
            meant = _OTHER_WORDS.get(last.name.lower()) if isinstance(last, tree.Name) else None
            word = re.match(r"\s*(let|guess)\b", self.text)
            if word and isinstance(last, tree.Name):
                meant = f"write {word[1]} {last.name} = {first.text}"
            said = "a number stands directly behind a factor"
            raise BadSyntax(span, said, meant or "write '*' or '^' between them")
        if (
            isinstance(last, tree.Name)
            and isinstance(first, _NAMED)
            and not (_is_root_sign(first) or _is_pi_sign(last))
        ):
            raise self._names(span, last, (first if isinstance(first, tree.Name) else first.name).name)

    def _numbers(self, span: Span, second: tree.Number, factors: list[Any]) -> BadSyntax:
        """Two numbers side by side: a point too many, or grouped digits."""
        if second.text.startswith(".") and self._of(second).start == self._of(factors[0]).end:
            return BadSyntax(span, "a number has one decimal point", "put an operator between two numbers")
        groups = [factor.text for factor in factors if isinstance(factor, tree.Number)]
        whole = len(groups) == len(factors) and all(group.isdigit() for group in groups)
        if whole and all(len(group) == 3 for group in groups[1:]):
            hint = f"write {''.join(groups)}; digits are not grouped"
            return BadSyntax(self.span(factors), "two numbers stand side by side", hint)
        return BadSyntax(span, "two numbers stand side by side", "put an operator between them")

    def _names(self, span: Span, left: tree.Name, right: str) -> BadSyntax:
        """Two names side by side, which is a misspelt name or word more often than a product."""
        if left.name in CALLABLE:
            said = f"'{left.name}' is a function; its argument is expected in brackets"
            begins = re.match(r"\s*(max|min)\b", self.text)
            best = f", or `{begins[1]}imize ...` for a best point" if begins else ""
            return BadSyntax(span, said, f"write {left.name}({right}){best}")
        if left.name in OTHER_NAMES:
            return BadSyntax(span, f"unknown function '{left.name}'", f"write {OTHER_NAMES[left.name]}({right})")
        said = f"two names stand side by side, '{left.name}' and '{right}'"
        known = _OTHER_WORDS.get(left.name.lower()) or _OTHER_WORDS.get(right.lower())
        if known:
            return BadSyntax(span, said, known)
        meant = nearest(left.name, STATEMENT_WORDS)
        if meant:
            return BadSyntax(span, said, f"did you mean '{meant}'?")
        if _lists_names(self.text):
            return BadSyntax(span, said, f"names are separated by ',': {left.name}, {right}")
        said = f"{said}; that is no product, because it is too easily one misspelt name"
        return BadSyntax(span, said, f"write {left.name}*{right}; one name is {left.name}_{right}")

    def negative(self, children: list[Any]) -> Any:
        minus = sum(1 for sign in children[:-1] if sign == "-")
        return tree.Negative(self.span(children), children[-1]) if minus % 2 else children[-1]

    def product(self, children: list[Any]) -> tree.Product | tree.Negative:
        factors = [("*", children[0])]
        for operator, factor in zip(children[1::2], children[2::2], strict=True):
            factors.append(("mod" if operator.type == "MOD" else str(operator), factor))
        first, signs = children[0], {operator for operator, _ in factors}
        if isinstance(first, tree.Negative) and "mod" not in signs:  # -a*b is -(a*b), -a mod b is (-a) mod b
            factors[0] = ("*", first.operand)
            inside = tree.Product(Span(self._of(first.operand).start, self._of(children[-1]).end), tuple(factors))
            return tree.Negative(self.span(children), inside)
        return tree.Product(self.span(children), tuple(factors))

    def sum(self, children: list[Any]) -> tree.Sum:
        terms = [(False, children[0])]
        for sign, term in zip(children[1::2], children[2::2], strict=True):
            terms.append((sign == "-", term))
        return tree.Sum(self.span(children), tuple(terms))

    def items(self, children: list[Any]) -> tuple[Any, ...]:
        return tuple(children[::2])

    names = items

    def index(self, children: list[Any]) -> tuple[tree.Name, tree.Slice]:
        return children[0], children[2]

    def clause(self, children: list[Any]) -> tree.Clause:
        conditions = children[-1] if isinstance(children[-1], list) else ()
        indices = tuple(child for child in children if isinstance(child, tuple))
        return tree.Clause(self.span(children), indices, tuple(conditions))

    def condition(self, children: list[Any]) -> list[tree.Relation]:
        return children[::2]

    # Statements

    def relation(self, children: list[Any]) -> tree.Relation:
        operators = tuple(_OPERATORS.get(str(sign), str(sign)) for sign in children[1::2])
        return tree.Relation(self.span(children), tuple(children[::2]), operators)

    def minimize(self, children: list[Any]) -> tree.Optimize:
        return tree.Optimize(self.span(children), False, children[1])

    def maximize(self, children: list[Any]) -> tree.Optimize:
        return tree.Optimize(self.span(children), True, children[1])

    def data_from(self, children: list[Any]) -> tree.DataFrom:
        path = self._of(children[1])
        return tree.DataFrom(self.span(children), str(children[1])[1:-1], path, (*children[2:], None)[0])

    def spread(self, children: list[Any]) -> tree.Spread:
        return tree.Spread(self.span(children), str(children[0]), children[1])

    def trailing_for(self, children: list[Any]) -> tree.For:
        return tree.For(self.span(children), children[1], (children[0],))

    def for_line(self, children: list[Any]) -> tree.For:
        return tree.For(self.span(children), children[0], (children[2],))

    # Domains

    def word_domain(self, children: list[Token]) -> tree.WordDomain:
        return tree.WordDomain(self.span(children), children[0].type.lower())

    def interval(self, children: list[Any]) -> tree.IntervalDomain:
        opening, low, _, high, closing = children
        return tree.IntervalDomain(self.span(children), low, high, opening == "(", closing == ")")


_NAMED = tree.Name | tree.Element | tree.Apply | tree.Comprehension
_OPERATORS = {"==": "=", "≤": "<=", "≥": ">=", "≠": "!="}


def _lists_names(text: str) -> bool:
    """Whether a statement is one that lists names."""
    if re.match(r"\s*(solve\s+for|all\s+different)\b", text):
        return True
    return re.search(r"\bin\b|∈", text) is not None and re.search(r"[=<>≤≥≠]", text) is None


_OTHER_WORDS = {
    "all": "all different: A, B, C",
    "solve": "write `solve for x`; without it all unknowns are solved for",
    "find": "write `solve for x`; without it all unknowns are solved for",
    "set": "write `let a = 3`",
    "data": "the table stands below the word `data`",
    "var": "an unknown needs no declaration: a name that nothing defines is one",
    "print": "write '= ?' to ask for a value",
    "calculate": "write '= ?' to ask for a value",
    "compute": "write '= ?' to ask for a value",
    "subject": "conditions are statements of their own: x > 1",
    "such": "conditions are statements of their own: x > 1",
    "where": "conditions are statements of their own: x > 1; behind `for` they begin with `if`",
    "with": "conditions are statements of their own: x > 1",
    "given": "conditions are statements of their own: x > 1",
    "from": "a domain is written x in 1..9",
    "to": "a range is written 1..9",
    "between": "write 1 <= x <= 9, or x in 1..9",
    "is": "write '='; of a whole number, x in integer",
    "be": "write '='",
    "are": "write '='; of whole numbers, x, y in integer",
    "not": "write x != 3",
    **dict.fromkeys(("define", "const", "constant"), "write `let a = 3`"),
    **dict.fromkeys(("integer", "int", "real", "float", "natural"), "a domain is written x in integer"),
    **dict.fromkeys(("alldiff", "alldifferent", "distinct"), "all different: A, B, C"),
    "cryptarithm": "cryptarithm: SEND + MORE = MONEY",
    "grid": "the options of a grid are `left to right` and `cryptarithm`",
    "choose": "a binomial coefficient is n!/(k!*(n - k)!)",
    **dict.fromkeys(("dx", "dt", "dy"), "a derivative is diff(x^2, x)"),
    "return": "write '= ?' to ask for a value",
    "equals": "write '='",
    "plus": "write '+'",
    "minus": "write '-'",
    "times": "write '*'",
    "over": "write '/'",
    "divided": "write '/'",
    "or": "there is no 'or'; cases that exclude each other are puzzles of their own",
    "squared": "write x^2",
    "import": "functions are there without it",
    "while": "for i in 1..9: ...",
    "def": "write `let f(x) = x^2`",
    "function": "write `let f(x) = x^2`",
}
"""Words that people bring along from elsewhere, with what to write instead."""


def _is_root_sign(node: Any) -> bool:
    """Whether a node was written with a root sign and not with a function's name."""
    called = isinstance(node, tree.Apply) and node.name.name in ("sqrt", "cbrt")
    return called and node.name.span.end - node.name.span.start == 1


def _is_pi_sign(node: tree.Name) -> bool:
    """Whether a name was written `π`, which is as good as a number: ``2πr``."""
    return node.name == "pi" and node.span.end - node.span.start == 1


def _first(node: Any) -> Any:
    """The node whose text opens a factor's text, brackets apart."""
    while isinstance(node, tree.Power | tree.Factorial):
        node = node.base if isinstance(node, tree.Power) else node.operand
    return node


def _last(node: Any) -> Any:
    """The node whose text closes a factor's text."""
    while isinstance(node, tree.Power | tree.Negative):
        node = node.exponent if isinstance(node, tree.Power) else node.operand
    return node
