"""What the parser could not go on with, in a writer's words: what was expected, what stands there, what to write.

Rules about the text around the place come first, each for one common slip; what none of them knows is described by the
terminals that the grammar would have accepted.
"""

from __future__ import annotations

from lark.exceptions import UnexpectedInput, UnexpectedToken

from puzzlesolver.language.mistakes import BadSyntax
from puzzlesolver.language.slips.signs import RULES
from puzzlesolver.language.slips.words import SlipExplanation, Stop, stands
from puzzlesolver.language.source import Span


def explain(error: UnexpectedInput, text: str, offset: int) -> BadSyntax:
    """The mistake behind Lark's exception; `text` was parsed and begins at `offset` of its source."""
    stop = _stop(error, text)
    said = next((said for rule in RULES if (said := rule(stop)) is not None), None) or _expected(stop)
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


def _expected(stop: Stop) -> SlipExplanation:
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
    if "$END" in stop.accepts:
        wanted = [words for words in wanted if words != "`for`"]
    if not wanted or "$END" in stop.accepts:
        wanted.append("the end of the statement")
    return SlipExplanation(f"{_listed(wanted[:4])} is expected, and {stands(stop)}")


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
