"""What a cryptarithm means: an unknown digit for every letter, and equations between the numbers that the words are.

In comes a `Cryptarithm`; out goes a `BlockMeaning`, whose parts go into a `Problem`. Plain numbers are
themselves, in decimal whatever the base. Products and powers of words stay as they are: nothing is multiplied out.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from sympy import Add, Expr, Integer, Mul, Pow, Rational

from puzzlesolver.language.cryptarithms.columns import PictureLine, WordEquation
from puzzlesolver.language.cryptarithms.cryptarithm import Cryptarithm
from puzzlesolver.language.cryptarithms.tokens import WordToken, WordTokenKind
from puzzlesolver.language.drawn import BlockMeaning, digit_unknowns, letters_differ, word_value, word_values
from puzzlesolver.language.mistakes import Mistake, Mistakes
from puzzlesolver.language.source import Source
from puzzlesolver.problem import (
    Condition,
    Equation,
    Layout,
    Relation,
    real_symbol,
)


def lower_cryptarithm(cryptarithm: Cryptarithm, source: Source, mistakes: Mistakes) -> BlockMeaning | None:
    """The meaning of a cryptarithm; None, and a mistake noted, where it has none."""
    try:
        return _lower(cryptarithm, source)
    except Mistake as mistake:
        mistakes.add(mistake)
        return None


def _lower(cryptarithm: Cryptarithm, source: Source) -> BlockMeaning:
    options = cryptarithm.options
    words = {
        (token.text, token.span)
        for tokens in cryptarithm.equations
        for token in tokens
        if token.kind is WordTokenKind.WORD
    }
    in_order = sorted(words, key=lambda word: (word[1].start, -word[1].end))
    unknowns = digit_unknowns(in_order, options, source)
    conditions = letters_differ(unknowns, options, source.origin("different letters", cryptarithm.span))
    equations = [equation for tokens in cryptarithm.equations for equation in _equations(tokens, options.base, source)]
    layout, values = _layout(cryptarithm), word_values(in_order, options.base)
    return BlockMeaning(unknowns, tuple(equations), conditions, layout, words=values)


def _equations(tokens: WordEquation, base: int, source: Source) -> list[Equation]:
    """One equation for every ``=`` of a chain."""
    cuts = [-1, *(k for k, token in enumerate(tokens) if token.text == "="), len(tokens)]
    sides = [tokens[before + 1 : after] for before, after in pairwise(cuts)]
    values = [_Calculation(side, base) for side in sides]
    equations = []
    for k in range(len(sides) - 1):
        left, right = values[k], values[k + 1]
        origin = source.origin(f"{_text(sides[k])} = {_text(sides[k + 1])}", sides[k][0].span)
        divisors = dict.fromkeys((*left.divisors, *right.divisors))
        defined = tuple(Condition(divisor, Relation.NOT_EQUAL, Integer(0), origin) for divisor in divisors)
        equations.append(Equation(left.value, right.value, origin, defined))
    return equations


def _text(tokens: Sequence[WordToken]) -> str:
    """The tokens as a person would space them."""
    text = ""
    for k, token in enumerate(tokens):
        sign = k == 0 or tokens[k - 1].text == "(" or tokens[k - 1].text in _BINARY
        spaced = token.text in _BINARY and not sign and token.text != "^"
        text += f" {token.text} " if spaced else token.text
    return text


_BINARY = frozenset("+-*/^")


class _Calculation:
    """The value of one side, and the divisors in it that have to differ from zero."""

    def __init__(self, tokens: Sequence[WordToken], base: int) -> None:
        self._tokens, self._base, self._at = tokens, base, 0
        self.divisors: list[Expr] = []
        self.value = self._sum()

    def _next(self) -> str:
        return self._tokens[self._at].text if self._at < len(self._tokens) else ""

    def _sum(self) -> Expr:
        terms = [self._product()]
        while (sign := self._next()) in ("+", "-"):
            self._at += 1
            term = self._product()
            terms.append(Mul(-1, term) if sign == "-" else term)
        return Add(*terms)

    def _product(self) -> Expr:
        factors = [self._signed()]
        while (sign := self._next()) in ("*", "/"):
            self._at += 1
            start = self._tokens[self._at].span
            factor = self._signed()
            if sign == "/":
                if factor.is_zero:
                    raise Mistake(start, "expected a divisor that is not zero, and this one is")
                if not factor.is_number:
                    self.divisors.append(factor)
                factor = Pow(factor, -1)
            factors.append(factor)
        return Mul(*factors)

    def _signed(self) -> Expr:
        sign = self._next()
        if sign in ("+", "-"):
            self._at += 1
            return Mul(-1, self._power()) if sign == "-" else self._power()
        return self._power()

    def _power(self) -> Expr:
        base = self._operand()
        if self._next() != "^":
            return base
        exponent = int(self._tokens[self._at + 1].text)
        self._at += 2
        return Pow(base, exponent)

    def _operand(self) -> Expr:
        token = self._tokens[self._at]
        self._at += 1
        if token.kind is WordTokenKind.WORD:
            return word_value(token.text, self._base)
        if token.kind is WordTokenKind.NUMBER:
            number = Fraction(token.text)
            return Rational(number.numerator, number.denominator)
        value = self._sum()
        self._at += 1
        return value


def _layout(cryptarithm: Cryptarithm) -> Layout:
    """The picture with numbers for words: equations as rows of their own, columns letter below letter."""
    base = cryptarithm.options.base
    lines = [line for line in cryptarithm.picture if isinstance(line, PictureLine)]
    width = max((len(line.word.text) + line.shift for line in lines if line.word), default=0)
    return Layout(
        tuple(
            _column_row(line, width, base) if isinstance(line, PictureLine) else _equation_row(line, base)
            for line in cryptarithm.picture
        )
    )


def _equation_row(tokens: WordEquation, base: int) -> tuple[str | Expr, ...]:
    pieces: list[str | Expr] = []
    for token in tokens:
        if token.kind is WordTokenKind.WORD:
            pieces.append(word_value(token.text, base))
        else:
            pieces.append(f" {token.text} " if token.text in "+-*/=" else token.text)
    return tuple(pieces)


def _column_row(line: PictureLine, width: int, base: int) -> tuple[str | Expr, ...]:
    """A sign and a place for every digit; above base 10, where a digit may be two figures long, with gaps."""
    gap = [" "] if base > 10 else []
    if line.word is None:
        return ("--", *(piece for _ in range(width) for piece in ("-", *("-" for _ in gap))))
    digits: list[str | Expr] = [""] * (width - len(line.word.text) - line.shift)
    word = line.word.kind is WordTokenKind.WORD
    digits += [real_symbol(letter) if word else letter for letter in line.word.text]
    digits += [""] * line.shift
    return (f"{line.sign} ", *(piece for digit in digits for piece in (digit, *gap)))
