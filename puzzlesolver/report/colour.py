"""Colours for the report on a terminal: the claim bold, the reasons to believe it dim; found numbers bold, given dim.

In: the report's text, and the answer that it is about. Out: the same characters as Rich's text.
"""

from __future__ import annotations

from rich.text import Text

from puzzlesolver.answer.solution import SolutionSet
from puzzlesolver.report.givens import marks

_CLAIMS = {
    r"(?m)^(exactly|infinitely|best fit|(least|greatest|best) value|\d+ .*solutions?|one .*solution).*$": "bold green",
    r"(?m)^no (real )?solution$": "bold red",
    r"(?m)^undecided.*$": "bold yellow",
    r"(?m)^(complete|proved|not proved|reason|note|the numeric search|.* follows from).*$": "dim",
    r"(?m)^(exact engine|numeric engine|comparison|seconds).*$": "dim",
}


def coloured(text: str, answer: SolutionSet | None = None) -> Text:
    """The report in colours; with the answer, what was found is told from what was given in tables and grids."""
    result = Text(text)
    for pattern, style in _CLAIMS.items():
        result.highlight_regex(pattern, style)
    for mark in marks(text, answer) if answer is not None else ():
        result.stylize("dim" if mark.is_given else "bold", mark.start, mark.end)
    return result
