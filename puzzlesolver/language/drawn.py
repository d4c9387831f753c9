"""What a `grid` and a `cryptarithm` have in common: what they add to a problem, their options, and letters that
stand for digits.

Options are the words after the first one, in any order, with or without commas. Unless they say otherwise, different
letters are different digits, and the first letter of a word of two or more letters is not zero.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from sympy import Add, Expr, Integer

from puzzlesolver.language.mistakes import BadSyntax, Mistake, nearest
from puzzlesolver.language.source import BlockLine, Source, Span
from puzzlesolver.problem import AllDifferent, Condition, Domain, Equation, Layout, Origin, Unknown, real_symbol

LARGEST_BASE = 100


@dataclass(frozen=True, slots=True)
class BlockOptions:
    """How a block is meant: the order of calculation, and what letters may stand for.

    `cryptarithm` is that of a grid whose cells are words. The last three count only where letters are digits.
    """

    left_to_right: bool = False
    cryptarithm: bool = False
    base: int = 10
    leading_zeros: bool = False
    letters_may_repeat: bool = False


@dataclass(frozen=True, slots=True)
class BlockMeaning:
    """What a block adds to a problem, its unknowns in the order in which they are read.

    `cells` is what the word means in other statements, each unknown of a grid once: all the cells in brackets, or in a
    grid without brackets all but the given numbers that only end one line, as its result. `words` are the numbers that
    words of several letters are in other statements.
    """

    unknowns: tuple[Unknown, ...]
    equations: tuple[Equation, ...]
    conditions: tuple[Condition | AllDifferent, ...]
    layout: Layout
    cells: tuple[Expr, ...] = ()
    words: Mapping[str, Expr] = field(default_factory=lambda: MappingProxyType({}))


LETTER_OPTIONS = ("base", "leading zeros", "letters may repeat")
GRID_OPTIONS = ("left to right", "cryptarithm", *LETTER_OPTIONS)
_OPTION = re.compile(
    r"[\s,]*(?P<phrase>left[\s-]+to[\s-]+right|cryptarithm|leading[\s-]+zeros|letters[\s-]+may[\s-]+repeat"
    r"|base\s+(?P<base>[0-9]+))"
    r"(?![\w])[\s,]*"
)
_FIELDS = {
    "left to right": "left_to_right",
    "cryptarithm": "cryptarithm",
    "leading zeros": "leading_zeros",
    "letters may repeat": "letters_may_repeat",
}


def is_option_text(text: str) -> bool:
    """Whether a text is nothing but options about letters: ``base 16, leading zeros``."""
    options, end = _scan(text, BlockOptions(), LETTER_OPTIONS)
    return options is not None and end == len(text) and bool(text.strip())


def read_block_options(
    line: BlockLine | None, allowed: Collection[str], wrong: list[Mistake], options: BlockOptions | None = None
) -> BlockOptions:
    """The options that a text states, on top of `options`; the first words that are none are noted in `wrong`."""
    options = options or BlockOptions()
    if line is None:
        return options
    read, end = _scan(line.text, options, allowed)
    rest = line.text[end:].strip()
    if rest:
        start = line.text.index(rest, end)
        word = rest.split()[0]
        slip = nearest(rest, allowed) or nearest(
            word, sorted({piece for phrase in allowed for piece in phrase.split()})
        )
        choice = ", ".join("base 16" if phrase == "base" else phrase for phrase in allowed)
        wrong.append(
            BadSyntax(
                line.span(start, start + len(rest)),
                f"expected an option ({choice}), and '{rest[:40]}' stands there",
                f"did you mean '{slip}'?" if slip else None,
            )
        )
    elif not 2 <= read.base <= LARGEST_BASE:
        wrong.append(BadSyntax(line.span(0, len(line.text)), f"expected a base from 2 to {LARGEST_BASE}"))
        return replace(read, base=10)
    return read


def _scan(text: str, options: BlockOptions, allowed: Collection[str]) -> tuple[BlockOptions, int]:
    """The options at the beginning of a text, and where they end."""
    end = 0
    while match := _OPTION.match(text, end):
        phrase = " ".join(match["phrase"].replace("-", " ").split())
        if match["base"]:
            if "base" not in allowed:
                break
            options = replace(options, base=int(match["base"][:9]))
        elif phrase not in allowed:
            break
        else:
            options = replace(options, **{_FIELDS[phrase]: True})
        end = match.end()
    return options, end


MAX_LETTERS = 100  # Letters of one word.

Word = tuple[str, Span]
"""A word's letters and its place."""


def word_value(letters: str, base: int) -> Expr:
    """The number that a word is: ``a*b^2 + c*b + d`` of the letters a, c, d in base b."""
    weights: dict[str, int] = {}
    for letter in letters:
        weights = {other: weight * base for other, weight in weights.items()}
        weights[letter] = weights.get(letter, 0) + 1
    return Add(*(Integer(weight) * real_symbol(letter) for letter, weight in weights.items()))


def word_values(words: Iterable[Word], base: int) -> dict[str, Expr]:
    """The numbers that the words of several letters are."""
    return {letters: word_value(letters, base) for letters, _ in words if len(letters) > 1}


def digit_unknowns(words: Sequence[Word], options: BlockOptions, source: Source) -> tuple[Unknown, ...]:
    """One unknown for every letter, in the order of first appearance, with the digits it may be.

    Raises `Mistake` where different letters would need more digits than the base has.
    """
    first_seen: dict[str, Span] = {}
    for letters, span in words:
        for k, letter in enumerate(letters):
            first_seen.setdefault(letter, Span(span.start + k, span.start + k + 1))
    if len(first_seen) > options.base and not options.letters_may_repeat:
        extra = list(first_seen.values())[options.base]
        raise Mistake(
            extra,
            f"expected at most {options.base} different letters, for the digits of base {options.base}, "
            f"and there are {len(first_seen)}: {' '.join(first_seen)}"[:200],
            "a larger base ('base 16') has more digits; with 'letters may repeat' two letters may be the same digit",
        )
    leading = set() if options.leading_zeros else {letters[0] for letters, _ in words if len(letters) > 1}
    return tuple(
        Unknown(real_symbol(letter), _digits(int(letter in leading), options.base), origin=source.origin(letter, span))
        for letter, span in first_seen.items()
    )


def letters_differ(unknowns: Iterable[Unknown], options: BlockOptions, origin: Origin) -> tuple[AllDifferent, ...]:
    """That different letters are different digits, where it is so."""
    members = tuple(unknown.symbol for unknown in unknowns)
    return () if options.letters_may_repeat or len(members) < 2 else (AllDifferent(members, origin),)


def _digits(low: int, base: int) -> Domain:
    return Domain(integer=True, low=Integer(low), high=Integer(base - 1), low_open=False, high_open=False)
