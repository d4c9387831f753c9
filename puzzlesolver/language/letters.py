"""Letters that stand for digits: what a word is worth, and what is known of its letters.

A word in base b with the letters a, c, d is the number ``a*b^2 + c*b + d``. Unless the options say otherwise, different
letters are different digits, and the first letter of a word of two or more letters is not zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sympy import Add, Expr, Integer

from puzzlesolver.language.block_options import BlockOptions
from puzzlesolver.language.mistakes import Mistake
from puzzlesolver.language.source import Source, Span
from puzzlesolver.problem import AllDifferent, Domain, Origin, Unknown, real_symbol

MAX_LETTERS = 100  # Letters of one word.

Word = tuple[str, Span]
"""A word's letters and its place."""


def word_value(letters: str, base: int) -> Expr:
    """The number that a word is, as an expression in the symbols of its letters."""
    weights: dict[str, int] = {}
    for letter in letters:
        weights = {other: weight * base for other, weight in weights.items()}
        weights[letter] = weights.get(letter, 0) + 1
    return Add(*(Integer(weight) * real_symbol(letter) for letter, weight in weights.items()))


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
