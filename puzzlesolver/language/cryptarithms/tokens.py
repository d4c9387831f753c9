"""The lines of a cryptarithm, cut into words, numbers and signs, and what a well-formed equation of them is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from puzzlesolver.language.drawn import MAX_LETTERS
from puzzlesolver.language.grids.tokens import LETTER, screen_columns
from puzzlesolver.language.limits import MAX_NESTING
from puzzlesolver.language.mistakes import BadSyntax, Mistake, TooMuch
from puzzlesolver.language.source import BlockLine, Span

MAX_DIGITS = 1_000  # Digits of one number.
MAX_EXPONENT = 20


class WordTokenKind(Enum):
    WORD = "a word"
    NUMBER = "a number"
    SIGN = "a sign"


@dataclass(frozen=True, slots=True)
class WordToken:
    """A word, a number, or one of the signs ``+ - * / ^ = ( )`` and ``and``; `right` is the screen column after it."""

    kind: WordTokenKind
    text: str
    span: Span
    right: int = 0

    @property
    def is_operand(self) -> bool:
        return self.kind is not WordTokenKind.SIGN


_RULE = re.compile(r"\s*(?:-{2,}|_{2,}|={2,}|[\u2500-\u257f]+)(?:\s+(?:-{2,}|_{2,}|={2,}|[\u2500-\u257f]+))*\s*")
_TOKEN = re.compile(
    rf"(?P<word>{LETTER}+)|(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<raised>[\u00b2\u00b3])"
    r"|(?P<sign>==|\*\*|[-+*/:^=();])|(?P<space>\s+)|(?P<wrong>\S)"
)
_PLAIN_SIGN = {"==": "=", "**": "^", ":": "/", ";": "and"}


_MIXED = re.compile(rf"(?:{LETTER}|[0-9])+")
_LETTERS = str.maketrans("015", "OIS")
"""Digits that are taken for letters."""


def _mixed(line: BlockLine, text: str, start: int) -> BadSyntax:
    """The mistake of a word that holds digits."""
    word = next(_MIXED.finditer(text, start))
    meant = word[0].translate(_LETTERS)
    hint = f"did you mean {meant}?" if meant.isalpha() and meant.isupper() else None
    return BadSyntax(line.span(*word.span()), "a word is made of letters alone, a number of digits", hint)


def is_rule(text: str) -> bool:
    """Whether a line is the stroke above a result."""
    return _RULE.fullmatch(text) is not None


def word_tokens(line: BlockLine, text: str, wrong: list[Mistake]) -> list[WordToken]:
    """The tokens of a line (`text` is the line without its comment); the first thing that is none is noted."""
    tokens: list[WordToken] = []
    screen = screen_columns(text)
    for match in _TOKEN.finditer(text):
        span, found, right = line.span(*match.span()), match.group(), screen[match.end()]
        beside = bool(tokens) and tokens[-1].is_operand and tokens[-1].span.end == span.start
        match match.lastgroup:
            case "sign":
                tokens.append(WordToken(WordTokenKind.SIGN, _PLAIN_SIGN.get(found, found), span, right))
            case "raised":
                tokens.append(WordToken(WordTokenKind.SIGN, "^", span, right))
                tokens.append(WordToken(WordTokenKind.NUMBER, "2" if found == "\u00b2" else "3", span, right))
            case "word" | "number" if beside:
                wrong.append(_mixed(line, text, match.start() - len(tokens[-1].text)))
                return tokens
            case "word" | "number":
                limit = MAX_LETTERS if match.lastgroup == "word" else MAX_DIGITS
                if len(found) > limit:
                    wrong.append(TooMuch(span, f"a {match.lastgroup} has at most {limit} characters here"))
                    return tokens
                kind = WordTokenKind.WORD if match.lastgroup == "word" else WordTokenKind.NUMBER
                tokens.append(WordToken(kind, found, span, right))
            case "wrong":
                said = f"expected a word, a number or one of + - * / = ( ), and '{found}' stands there"
                wrong.append(BadSyntax(span, said))
                return tokens
    return [_joint(tokens, k) for k in range(len(tokens))]


def _joint(tokens: Sequence[WordToken], k: int) -> WordToken:
    """``and`` between two equations is a sign; elsewhere it is a word like any other."""
    token = tokens[k]
    if token.text != "and" or not 0 < k < len(tokens) - 1:
        return token
    before, after = tokens[k - 1], tokens[k + 1]
    between = (before.is_operand or before.text == ")") and (after.is_operand or after.text in "(-")
    return WordToken(WordTokenKind.SIGN, "and", token.span, token.right) if between else token


def split_equations(tokens: Sequence[WordToken]) -> Iterator[list[WordToken]]:
    """The equations that ``and`` (or a semicolon) joins."""
    part: list[WordToken] = []
    for token in tokens:
        if token.text == "and" and not token.is_operand:
            yield part
            part = []
        else:
            part.append(token)
    yield part


def equation_mistake(tokens: Sequence[WordToken], where: Span) -> Mistake | None:
    """The first thing that keeps tokens from being an equation, if there is one."""
    operand_expected, opened = True, 0
    equals = 0
    for k, token in enumerate(tokens):
        stands = f"and '{token.text}' stands there"
        if operand_expected:
            if token.is_operand:
                operand_expected = False
            elif token.text == "(":
                opened += 1
            elif token.text not in ("+", "-") or (k and tokens[k - 1].text in ("+", "-", "^")):
                return BadSyntax(token.span, f"expected a word or a number, {stands}")
        elif token.is_operand or token.text == "(":
            return BadSyntax(token.span, f"expected an operator or '=' before '{token.text}'", _misread(tokens, k))
        elif token.text == ")":
            opened -= 1
            if opened < 0:
                return BadSyntax(token.span, "expected no ')' here: no '(' is open")
        else:
            operand_expected = True
            equals += token.text == "="
            if token.text == "=" and opened:
                return BadSyntax(token.span, "expected ')' before this '='")
            exponent = tokens[k + 1] if k + 1 < len(tokens) else None
            if token.text == "^" and exponent is not None and not _small_whole(exponent):
                return BadSyntax(exponent.span, f"expected a whole number up to {MAX_EXPONENT} as the exponent")
        if opened > MAX_NESTING:
            return TooMuch(token.span, f"brackets are nested at most {MAX_NESTING} deep")
    if operand_expected:
        return BadSyntax(
            tokens[-1].span if tokens else where, "expected a word or a number after this, and nothing comes"
        )
    if opened:
        return BadSyntax(tokens[-1].span, "expected ')' after this")
    if not equals:
        hint = "between lines that are a sum in columns, a rule of dashes stands above the result"
        return BadSyntax(tokens[0].span.to(tokens[-1].span), "expected '=' in this equation between words", hint)
    return None


def _small_whole(token: WordToken) -> bool:
    return token.kind is WordTokenKind.NUMBER and token.text.isdigit() and int(token.text[:9]) <= MAX_EXPONENT


def _misread(tokens: Sequence[WordToken], k: int) -> str | None:
    return "letters that stand side by side are one word" if k and tokens[k - 1].is_operand else None
