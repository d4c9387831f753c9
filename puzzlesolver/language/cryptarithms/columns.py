"""Sums and long multiplications written out in columns, made equations between words.

A sum is its operands one below the other, each after the first with its sign, then a rule of dashes, then the result.
Below the factors of a product, partial products may stand between two rules: each is the upper factor times one digit
of the lower one, and how far it is moved to the left tells which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from puzzlesolver.language.cryptarithms.tokens import WordToken, WordTokenKind
from puzzlesolver.language.mistakes import BadSyntax
from puzzlesolver.language.source import Span

WordEquation = tuple[WordToken, ...]


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """A line of the block: its tokens, or a rule."""

    tokens: tuple[WordToken, ...]
    span: Span
    is_rule: bool = False

    @property
    def is_equation(self) -> bool:
        """Whether something is equated in the line itself."""
        return any(token.text == "=" for token in self.tokens[1:])


@dataclass(frozen=True, slots=True)
class PictureLine:
    """How a line of columns is drawn: its sign, its word, how far the word is moved to the left. A rule has no word."""

    sign: str = ""
    word: WordToken | None = None
    shift: int = 0


@dataclass(frozen=True, slots=True)
class DrawnColumns:
    """What some columns say, and what they look like."""

    equations: tuple[WordEquation, ...]
    picture: tuple[PictureLine, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """One line of columns: a word with the signs around it."""

    before: str
    word: WordToken
    after: str
    span: Span


_RULE = PictureLine()


def read_columns(lines: Sequence[WrittenLine], base: int) -> tuple[DrawnColumns, int]:
    """The columns at the beginning of `lines`, and how many lines they take. Raises `Mistake`."""
    upper, end = _until_rule(lines, 0)
    if end == len(lines) or not lines[end].is_rule:
        said = "expected a rule of dashes and the result below this line, and nothing of that comes"
        raise BadSyntax(lines[end - 1].span if end else lines[0].span, said)
    if not upper:
        raise BadSyntax(lines[end].span, "expected words above this rule, and nothing stands there")
    middle, after = _until_rule(lines, end + 1)
    signs = _signs(upper)
    closed = after < len(lines) and lines[after].is_rule and after + 1 < len(lines) and not lines[after + 1].is_rule
    partial = closed and signs == ["", "*"] and all(entry.before in ("", "+", "=") for entry in middle)
    if not middle:
        raise BadSyntax(lines[end].span, "expected the result below this rule, and nothing stands there")
    if partial:
        result = _entry(lines[after + 1])
        return _long_multiplication(upper, middle, result, base), after + 2
    return _sum(upper, signs, middle[0]), end + 2


def _until_rule(lines: Sequence[WrittenLine], start: int) -> tuple[list[_Entry], int]:
    entries = []
    end = start
    while end < len(lines) and not lines[end].is_rule and not lines[end].is_equation:
        entries.append(_entry(lines[end]))
        end += 1
    return entries, end


def _entry(line: WrittenLine) -> _Entry:
    tokens = list(line.tokens)
    before = tokens.pop(0).text if len(tokens) > 1 and not tokens[0].is_operand else ""
    after = tokens.pop().text if len(tokens) > 1 and not tokens[-1].is_operand else ""
    if len(tokens) != 1 or not tokens[0].is_operand:
        raise BadSyntax(line.span, "expected one word or number with its sign in each line of the columns")
    return _Entry(before, tokens[0], after, line.span)


def _signs(entries: Sequence[_Entry]) -> list[str]:
    """The sign of every operand: its own, or that at the end of the line above; plus where the others all have plus."""
    signs = [entry.before or (entries[k - 1].after if k else "") for k, entry in enumerate(entries)]
    given = {sign for sign in signs[1:] if sign}
    for k, entry in enumerate(entries[1:], 1):
        if not signs[k] and given == {"+"}:
            signs[k] = "+"
        elif signs[k] not in ("+", "-", "*", "/"):
            stands = f"and '{signs[k]}' stands there" if signs[k] else "and none stands there"
            raise BadSyntax(entry.span, f"expected a sign (+, -, *, /) before '{entry.word.text}', {stands}")
        elif {"*", "/"} & {signs[k]} and {"+", "-"} & given:
            raise BadSyntax(entry.span, "expected sums and products in columns of their own, not mixed in one")
    if signs[0] == "+":
        signs[0] = ""
    if signs[0] not in ("", "-"):
        raise BadSyntax(entries[0].span, f"expected the first line without a sign, and '{signs[0]}' stands there")
    return signs


def _sign(text: str, span: Span) -> WordToken:
    return WordToken(WordTokenKind.SIGN, text, span)


def _sum(upper: Sequence[_Entry], signs: Sequence[str], result: _Entry) -> DrawnColumns:
    tokens: list[WordToken] = []
    for sign, entry in zip(signs, upper, strict=True):
        tokens += [_sign(sign, entry.span)] if sign else []
        tokens.append(entry.word)
    tokens += [_sign("=", result.span), _result(result)]
    picture = [PictureLine(sign, entry.word) for sign, entry in zip(signs, upper, strict=True)]
    return DrawnColumns((tuple(tokens),), (*picture, _RULE, PictureLine("", result.word)))


def _result(entry: _Entry) -> WordToken:
    if entry.before not in ("", "=") or entry.after:
        raise BadSyntax(entry.span, "expected the result alone below the rule")
    return entry.word


def _long_multiplication(upper: Sequence[_Entry], partial: Sequence[_Entry], result: _Entry, base: int) -> DrawnColumns:
    """``A * B = R``, every partial product as A times a digit of B, and R as their sum."""
    first, second = upper[0].word, upper[1].word
    if second.kind is WordTokenKind.NUMBER and (base != 10 or not second.text.isdigit()):
        raise BadSyntax(second.span, "expected a word, or a whole number in base 10, above partial products")
    shifts = _shifts(upper, partial, result)
    product = (first, _sign("*", second.span), second, _sign("=", result.span), _result(result))
    total: list[WordToken] = []
    equations = []
    for entry, shift in zip(partial, shifts, strict=True):
        at = len(second.text) - 1 - shift
        span = Span(second.span.start + at, second.span.start + at + 1)
        digit = WordToken(second.kind, second.text[at], span)
        equations.append((first, _sign("*", span), digit, _sign("=", entry.span), entry.word))
        power = WordToken(WordTokenKind.NUMBER, str(base**shift), entry.word.span)
        total += [_sign("+", entry.span)] if total else []
        total += [entry.word, _sign("*", entry.span), power] if shift else [entry.word]
    total += [_sign("=", result.span), result.word]
    picture = [
        PictureLine("", first),
        PictureLine("*", second),
        _RULE,
        *(PictureLine("", entry.word, shift) for entry, shift in zip(partial, shifts, strict=True)),
        _RULE,
        PictureLine("", result.word),
    ]
    return DrawnColumns((product, *equations, tuple(total)), tuple(picture))


def _shifts(upper: Sequence[_Entry], partial: Sequence[_Entry], result: _Entry) -> list[int]:
    """How many places each partial product is moved to the left; by order where the spacing was lost.

    The spacing is lost where all the lines begin or all of them end at one column.
    """
    places = len(upper[1].word.text)
    shifts = [result.word.right - entry.word.right for entry in partial]
    apart = len(set(shifts)) == len(shifts) and all(0 <= shift < places for shift in shifts)
    if apart and upper[1].word.right == result.word.right:
        return shifts
    ends = {entry.word.right for entry in (*partial, result)}
    starts = {entry.word.right - len(entry.word.text) for entry in (*partial, result)}
    if len(partial) == places and 1 in (len(ends), len(starts)):
        return list(range(places))
    wrong = next((k for k, shift in enumerate(shifts) if shift in shifts[:k] or not 0 <= shift < places), 0)
    raise BadSyntax(
        partial[wrong].word.span,
        f"expected each partial product under its own digit of '{upper[1].word.text[:40]}', ending there",
        "the last letters of the factors and of the product stand below each other",
    )
