"""The names of a puzzle: what the text defines, and what is left over as unknowns.

The table is made from the whole tree before anything is lowered, so that a definition may stand below its use.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from puzzlesolver.language import tree
from puzzlesolver.language.limits import MAX_DIMENSIONS, MAX_LETTER_RANGE, MAX_TERMS
from puzzlesolver.language.mistakes import Mistake, Mistakes, TooMuch
from puzzlesolver.language.source import Span
from puzzlesolver.problem.functions import BINDERS, FUNCTIONS

CONSTANTS = ("pi", "tau", "oo")
CALLABLE = (*FUNCTIONS, *BINDERS)
NAMES_TOO = frozenset(
    {"gamma", "sum", "product", "diff", "min", "max", "sign", "floor", "gcd", "abs", "erf", "ceil", "log2", "log10"}
)
"""Functions whose names, with no bracket behind, people use for unknowns."""


OTHER_NAMES = {
    "ln": "log",
    "lg": "log10",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arctan2": "atan2",
    "tg": "tan",
    "sen": "sin",
    "sqr": "sqrt",
    "root": "sqrt",
    "fabs": "abs",
    "ceiling": "ceil",
    "sgn": "sign",
    "prod": "product",
    "derivative": "diff",
}
"""Functions as they are called elsewhere, with their names here."""

OTHER_FORMS = {
    **dict.fromkeys(("ncr", "binom", "binomial", "comb", "choose"), "a binomial coefficient is n!/(k!*(n - k)!)"),
    **dict.fromkeys(("npr", "perm"), "the number of arrangements is n!/(n - k)!"),
    **dict.fromkeys(("csc", "cosec"), "write 1/sin(x)"),
    "sec": "write 1/cos(x)",
    **dict.fromkeys(("cot", "cotan"), "write 1/tan(x)"),
    "round": "write floor(x + 1/2)",
    **dict.fromkeys(("int", "trunc"), "write floor(x)"),
    "pow": "write x^y",
    "factorial": "write n!",
    "mod": "write a mod b",
    **dict.fromkeys(("average", "mean", "avg"), "write sum(x[1..9])/9"),
    "range": "a range is written 1..9",
}
"""Functions that there are none of, with what to write instead."""


_GLUED = re.compile(
    r"(arcsin|arccos|arctan|asin|acos|atan|sinh|cosh|tanh|sin|cos|tan|sqrt|exp|log|ln)((?![\d_])\w+|\d+)"
)
_WRITTEN = {"ln": "log", "arcsin": "asin", "arccos": "acos", "arctan": "atan"}
_ARGUMENTS = ("x", "y", "z", "t", "θ", "φ", "α", "β", "pi", "2x", "theta", "phi", "alpha", "beta")
_NOT_GLUED = frozenset(
    "cost costs cosy sine sins sing single sink sinks sinus since tank tanks tang tango tans logo logos logs logic "
    "login expo expos expert expense lna lnb sinter".split()
)
"""Words that begin as the name of a function."""


@dataclass
class Names:
    """What each name is. `first` holds where a name stands first; `counts` how often it stands anywhere."""

    values: dict[str, tree.LetValue] = field(default_factory=dict)
    functions: dict[str, tree.LetFunction] = field(default_factory=dict)
    arrays: dict[str, tuple[int, Span]] = field(default_factory=dict)
    first: dict[str, Span] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    bare: set[str] = field(default_factory=set)
    claimed: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, puzzle: tree.Puzzle, mistakes: Mistakes) -> Names:
        """Collect every definition and every use."""
        names = cls()
        called: set[int] = set()
        tables: list[tree.Table] = []
        for node in tree.walk(puzzle):
            match node:
                case tree.LetValue() | tree.LetFunction():
                    names._define(node, mistakes)
                case tree.Apply() | tree.Comprehension():
                    called.add(node.name.span.start)
                    names._see(node.name)
                case tree.Element():
                    called.add(node.name.span.start)
                    names._see(node.name)
                    names._index(node, mistakes)
                case tree.Table():
                    called.add(node.name.span.start)
                    tables.append(node)
                    names._see(node.name)
                case tree.Slice(low=tree.Name() as low, high=tree.Name() as high):
                    between = Span(low.span.end, high.span.start)
                    names.first.setdefault(low.name, low.span)
                    for name in range_of_names(low.name, high.name):
                        names.first.setdefault(name, between if name != high.name else high.span)
                case tree.Fit():
                    names.claimed.update(part.name for part in tree.walk(node) if isinstance(part, tree.Name))
                case tree.Guess(target=tree.Name(name=name)):
                    names.claimed.add(name)
                case tree.Membership(targets=targets) | tree.SolveFor(names=targets):
                    names.claimed.update(item.name for item in targets if isinstance(item, tree.Name))
                case tree.Name() if node.span.start not in called:
                    names._see(node)
                    names.bare.add(node.name)
        for table in tables:
            names.arrays.setdefault(table.name.name, (1 if len(table.rows) == 1 else 2, table.name.span))
        for name in names.arrays.keys() & (names.values.keys() | names.functions.keys()):
            mistakes.add(Mistake(names.arrays[name][1], f"'{name}' is defined by `let` and has no index"))
        return names

    def _see(self, name: tree.Name) -> None:
        self.first.setdefault(name.name, name.span)
        self.counts[name.name] += 1

    def _index(self, node: tree.Element, mistakes: Mistakes) -> None:
        if len(node.indices) > MAX_DIMENSIONS:
            mistakes.add(TooMuch(node.span, f"an unknown has at most {MAX_DIMENSIONS} indices"))
        self.arrays.setdefault(node.name.name, (len(node.indices), node.span))
        try:
            self.check_indices(node)
        except Mistake as mistake:
            mistakes.add(mistake)

    def check_indices(self, node: tree.Element) -> None:
        """Raise `Mistake` where an element has another number of indices than the first one in the text."""
        count, first = self.arrays[node.name.name]
        if count != len(node.indices):
            said = f"'{node.name.name}' has {_indices(count)} elsewhere, and {_indices(len(node.indices))} here"
            raise Mistake(node.span, said, notes=(("elsewhere", first),))

    def _define(self, node: tree.LetValue | tree.LetFunction, mistakes: Mistakes) -> None:
        name = node.name.name
        if name in ("pi", "oo"):
            mistakes.add(Mistake(node.name.span, f"'{name}' is a constant already"))
        elif name in CALLABLE and (isinstance(node, tree.LetFunction) or name not in NAMES_TOO):
            mistakes.add(Mistake(node.name.span, f"'{name}' is a function already"))
        elif name in self.values or name in self.functions:
            before: tree.LetValue | tree.LetFunction = self.values.get(name) or self.functions[name]
            mistakes.add(Mistake(node.name.span, f"'{name}' is defined twice", notes=(("first here", before.span),)))
        elif isinstance(node, tree.LetValue):
            self.values[name] = node
        elif twice := [one for one in node.parameters if [p.name for p in node.parameters].count(one.name) > 1]:
            mistakes.add(Mistake(twice[-1].span, f"two arguments of '{name}' are called '{twice[-1].name}'"))
            self.functions[name] = node
        else:
            self.functions[name] = node

    def glued_call(self, name: str) -> str | None:
        """``sin(x)`` where a name is `sinx` and looks like nothing else: a function's name with an argument's behind.

        The argument is a letter that is nearly always one, another name of the text, or for `sin30` a number. A name
        with a domain or a guess is meant as it stands.
        """
        parts = _GLUED.fullmatch(name)
        if parts is None or name in self.claimed or name in _NOT_GLUED:
            return None
        function, argument = parts.groups()
        if argument.isdigit():
            is_argument = len(argument) > 1 or function == "sqrt"
        else:
            is_argument = argument in _ARGUMENTS or (argument in self.counts and len(argument) != 2)
        return f"{_WRITTEN.get(function, function)}({argument})" if is_argument else None

    def is_function(self, name: str) -> bool:
        """Whether a bracket behind this name holds arguments."""
        return name in self.functions or name in CALLABLE


def _indices(number: int) -> str:
    return "one index" if number == 1 else f"{number} indices"


def range_of_names(low: str, high: str) -> tuple[str, ...]:
    """The names of ``A..D`` or ``x1..x9``; none where it is no such range."""
    if len(low) == len(high) == 1 and 0 <= ord(high) - ord(low) < MAX_LETTER_RANGE:
        letters = tuple(chr(code) for code in range(ord(low), ord(high) + 1))
        return letters if all(letter.isalpha() for letter in letters) else ()
    stem = low.rstrip("0123456789")
    if stem == low or high.rstrip("0123456789") != stem or max(len(low), len(high)) > len(stem) + 6:
        return ()
    first, last = int(low[len(stem) :]), int(high[len(stem) :])
    return tuple(f"{stem}{number}" for number in range(first, min(last, first + MAX_TERMS) + 1))


def names_between(node: tree.Slice) -> tuple[str, ...]:
    """The names that a range in a list of names stands for; raises `Mistake` where it stands for none."""
    if not isinstance(node.low, tree.Name) or not isinstance(node.high, tree.Name):
        said = "a range of names is expected here, such as A..D or x1..x9"
        raise Mistake(node.span, said, "numbers are counted by an index: sum(i for i in 1..9)")
    found = range_of_names(node.low.name, node.high.name)
    if not found:
        raise Mistake(node.span, f"'{node.low.name}..{node.high.name}' is no range of names", "A..D and x1..x9 are")
    if len(found) > MAX_TERMS:
        raise TooMuch(node.span, f"a range is of at most {MAX_TERMS} names")
    return found
