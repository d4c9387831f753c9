"""What the parser could not go on with, in a writer's words: what was expected, what stands there, what to write.

Rules about the text around the place come first, each for one common slip; what none of them knows is described by the
terminals that the grammar would have accepted.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lark.exceptions import UnexpectedInput, UnexpectedToken

from puzzlesolver.language.mistakes import BadSyntax
from puzzlesolver.language.source import Span


@dataclass(frozen=True, slots=True)
class Stop:
    """Where the parser stopped: in `text` at `at`, before `found`, where it would have accepted `accepts`."""

    text: str
    at: int
    found: str
    accepts: frozenset[str]

    @property
    def before(self) -> str:
        return self.text[: self.at]

    @property
    def rest(self) -> str:
        return self.text[self.at :]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A message, a hint, and the part of the text that is meant (None: what stands at the stop)."""

    message: str
    hint: str | None = None
    part: tuple[int, int] | None = None


def explain(error: UnexpectedInput, text: str, offset: int) -> BadSyntax:
    """The mistake behind Lark's exception; `text` was parsed and begins at `offset` of its source."""
    stop = _stop(error, text)
    said = next((said for rule in _RULES if (said := rule(stop)) is not None), None) or _expected(stop)
    start, end = said.part or (stop.at, stop.at + max(len(stop.found), 1))
    return BadSyntax(Span(offset + start, offset + end), said.message, said.hint)


def _stop(error: UnexpectedInput, text: str) -> Stop:
    at = error.pos_in_stream
    found = ""
    accepts: set[str] = set(getattr(error, "allowed", None) or ())
    if isinstance(error, UnexpectedToken):
        accepts = set(error.accepts or error.expected or ())
        found = "" if error.token.type == "$END" else str(error.token)
        at = error.token.start_pos if found else len(text.rstrip())
    if at is None or at < 0:
        at = len(text.rstrip())
    found = found or text[at : at + 1].strip(" ")
    return Stop(text, at, found, frozenset(accepts))


_WRONG_SIGNS = {
    "=<": "<=",
    "=>": ">=",
    "<>": "!=",
    "><": "!=",
    "=!": "!=",
    "===": "=",
    ":=": "=",
    "≤=": "≤",
    "&&": "and",
    "/=": "!=",
    "<==": "<=",
    ">==": ">=",
    "!==": "!=",
    "~=": "!=",
    "^^": "^",
}


def _wrong_sign(stop: Stop) -> Explanation | None:
    for wrong, right in sorted(_WRONG_SIGNS.items(), key=lambda pair: -len(pair[0])):
        for start in range(max(stop.at - len(wrong) + 1, 0), stop.at + 1):
            if stop.text[start : start + len(wrong)] == wrong:
                part = start, start + len(wrong)
                return Explanation(f"'{wrong}' is no sign of the language", f"write '{right}'", part)
    return None


def _decimal_comma(stop: Stop) -> Explanation | None:
    if stop.found != ",":
        return None
    number = re.search(r"\d+$", stop.before)
    decimals = re.match(r",(\d+)", stop.rest)
    if number and decimals:
        part = number.start(), stop.at + decimals.end()
        hint = f"write {number[0]}.{decimals[1]}"
        if len(decimals[1]) == 3:
            hint += f", or {number[0]}{decimals[1]} if thousands are meant"
        return Explanation("a comma stands inside a number; decimals are written with a point", hint, part)
    if "EQUALS" in stop.accepts or re.search(r"[^<>!=]=[^=]", stop.before):
        return Explanation("a comma stands behind an expression", "statements on one line are separated by ';'")
    if " in " in stop.before:
        return Explanation("a comma stands behind a domain", "state one domain at a time; ';' separates statements")
    return None


def _question(stop: Stop) -> Explanation | None:
    if stop.found != "?":
        return None
    return Explanation(
        "'?' asks for a value and stands alone on one side of '='",
        "for a blank inside a calculation, write `grid` above it, or give it a name",
    )


def _bracket(stop: Stop) -> Explanation | None:
    if stop.found and stop.found in ")]}":
        opener = {")": "(", "]": "[", "}": "{"}[stop.found]
        if stop.before.count(opener) <= stop.before.count(stop.found):
            return Explanation(f"this '{stop.found}' closes nothing: no '{opener}' is open before it")
        if stop.before.rstrip().endswith((opener, ",")) or not stop.accepts & {"RPAR", "RSQB", "RBRACE"}:
            return Explanation(f"a value is expected, and '{stop.found}' stands here")
    if not stop.found or (stop.text.count("|") % 2 and stop.found not in ")]}"):
        opened = _open_bracket(stop.text)
        if opened is not None:
            sign = stop.text[opened]
            closing = {"(": ")", "[": "]", "{": "}", "|": "|"}[sign]
            return Explanation(f"this '{sign}' is never closed", f"a '{closing}' is missing", (opened, opened + 1))
    return None


def _open_bracket(text: str) -> int | None:
    """The innermost bracket that is still open at the end."""
    opened: list[int] = []
    for position, sign in enumerate(text):
        if sign in "([{":
            opened.append(position)
        elif sign in ")]}" and opened:
            opened.pop()
    if not opened and text.count("|") % 2:
        return text.rindex("|")
    return opened[-1] if opened else None


def _grid(stop: Stop) -> Explanation | None:
    if stop.found == "[" and "LSQB" not in stop.accepts:
        return Explanation("'[' has no meaning here", "a grid whose first line begins otherwise has `grid` above it")
    return None


def _percent(stop: Stop) -> Explanation | None:
    if stop.found == "%":
        return Explanation("'%' has no meaning here", "5 percent is 5/100; the remainder of a division is `a mod b`")
    return None


def _colon(stop: Stop) -> Explanation | None:
    if stop.found == ":" and re.search(r"[\w)]\s*$", stop.before):
        if re.match(r"\s*for\b", stop.before):
            return Explanation("in `for`, a range such as 1..9 is expected before ':'", "for i in 1..9: ...")
        return Explanation("':' has no meaning here", "a division is written '/'")
    return None


def _loop(stop: Stop) -> Explanation | None:
    if stop.accepts == {"IN"} and re.search(r"\bfor\b", stop.before):
        return Explanation(f"`in` is expected, and {_stands(stop)}", "for i in 1..9: ...")
    if "RANGE" in stop.accepts and re.search(r"\b(in|∈)\s+\S[^=]*$", stop.before) and stop.found not in "=<>":
        hint = "1..9 are whole numbers, [0, 1] is an interval, {2, 3, 5} a set"
        return Explanation(f"a domain or a range is expected, and {_stands(stop)}", hint)
    return None


def _no_relation(stop: Stop) -> Explanation | None:
    if not stop.found and {"EQUALS", "RELATION"} <= stop.accepts and "RPAR" not in stop.accepts:
        first = re.match(r"\s*(let|guess|fit)\b", stop.text)
        if first:
            return Explanation(f"`{first[1]}` needs '=' and a value, and the statement ends here")
        part = len(stop.text) - len(stop.text.lstrip()), len(stop.text.rstrip())
        return Explanation("this states nothing: '=', '<' or `in` is expected", "write '= ?' to ask for a value", part)
    return None


def _words(stop: Stop) -> Explanation | None:
    """Slips in the words that begin or end a statement."""
    if re.match(r"\s*all\s+different\b", stop.text):
        return Explanation("`all different` is followed by ':' and what differs", "all different: A, B, C")
    domain = re.search(r"\b(in|∈)\s*(?P<rest>[^=]*)$", stop.text)
    if domain and "RANGE" in stop.accepts and not stop.found:
        hint = "integer, real, 1..9, [0, 1] or {2, 3, 5}"
        return Explanation("this is no domain", hint, domain.span("rest"))
    return None


def _strange(stop: Stop) -> Explanation | None:
    if stop.found and not stop.found[0].isprintable():
        return Explanation(f"the character U+{ord(stop.found[0]):04X} has no meaning here")
    if stop.found in ("\\", "$", "@", "`", "&", "~", "'", '"', "_") or (stop.found and ord(stop.found[0]) > 127):
        code = "" if stop.found.isascii() else f" (U+{ord(stop.found[0]):04X})"
        hints = {
            "\\": "formulas are written as text: sqrt(x), x^2, pi",
            "'": "a derivative is diff(f(x), x)",
            "_": "a name begins with a letter",
            "&": "two statements are separated by ';'",
        }
        return Explanation(f"'{stop.found[0]}'{code} has no meaning here", hints.get(stop.found))
    return None


_RULES: tuple[Callable[[Stop], Explanation | None], ...] = (
    _wrong_sign,
    _decimal_comma,
    _question,
    _bracket,
    _grid,
    _percent,
    _words,
    _loop,
    _colon,
    _no_relation,
    _strange,
)

_VALUES = {"NUMBER", "NAME", "LPAR"}
_WORDS = (
    ({"NUMBER", "LPAR"}, "a value"),
    ({"NAME"}, "a name"),
    ({"RPAR"}, "')'"),
    ({"RSQB"}, "']'"),
    ({"RBRACE"}, "'}'"),
    ({"ABS_CLOSE"}, "'|'"),
    ({"RANGE"}, "'..'"),
    ({"PLUS"}, "an operator"),
    ({"COMMA"}, "','"),
    ({"EQUALS"}, "'='"),
    ({"IN"}, "`in`"),
    ({"COLON"}, "':'"),
    ({"FOR"}, "`for`"),
    ({"STRING"}, "a file's name in quotes"),
    ({"LSQB"}, "'['"),
)


def _expected(stop: Stop) -> Explanation:
    """What the grammar would have taken, in a few words."""
    wanted: list[str] = []
    if (
        _VALUES <= stop.accepts
        and "PLUS" in stop.accepts
        and "RPAR" not in stop.accepts
        and "EQUALS" not in stop.accepts
    ):
        wanted = ["a value"] if "BANG" not in stop.accepts else ["an operator"]
    for terminals, words in _WORDS if not wanted else ():
        if terminals <= stop.accepts and not (words == "a name" and "a value" in wanted):
            wanted.append(words)
    if "BANG" in stop.accepts:  # an operand stands before: a value may follow only as a hidden product
        wanted = [words for words in wanted if words not in ("a value", "a name", "'['", "`for`")]
    if not wanted or "$END" in stop.accepts:
        wanted.append("the end of the statement")
    return Explanation(f"{_listed(wanted[:4])} is expected, and {_stands(stop)}")


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _stands(stop: Stop) -> str:
    if not stop.found:
        return "the statement ends here"
    shown = stop.found if len(stop.found) <= 30 else stop.found[:27] + "..."
    return f"'{shown}' stands here"
