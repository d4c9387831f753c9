"""Colours for the report on a terminal: the claim bold, the reasons to believe it dim.

In: the report's text. Out: the same characters as Rich's text.
"""

from __future__ import annotations

from rich.text import Text

_CLAIMS = {
    r"(?m)^(exactly|infinitely|best fit|least value|greatest value|\d+ .*solutions?|one .*solution).*$": "bold green",
    r"(?m)^no (real )?solution$": "bold red",
    r"(?m)^undecided.*$": "bold yellow",
    r"(?m)^(complete|proved|not proved|reason|note|the numeric search|.* follows from).*$": "dim",
    r"(?m)^(exact engine|numeric engine|comparison|seconds).*$": "dim",
}


def coloured(text: str) -> Text:
    """The report in colours."""
    result = Text(text)
    for pattern, style in _CLAIMS.items():
        result.highlight_regex(pattern, style)
    return result
