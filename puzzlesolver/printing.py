"""Words on their way to standard output and standard error.

What a stream's encoding lacks is spelled plainly; colours go only to a terminal that knows them.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TextIO

from puzzlesolver.errors import Diagnostic

if TYPE_CHECKING:
    from puzzlesolver.problem import Problem


def say(text: str, stream: TextIO | None = None) -> None:
    from puzzlesolver.report.terminal import encodable

    stream = stream or sys.stdout
    stream.write(encodable(text, stream.encoding or "utf-8") + "\n")
    stream.flush()


def is_colourful(stream: TextIO) -> bool:
    """Whether colours are of use: a terminal that knows them, and a user who has not said NO_COLOR."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"


def say_json(line: str) -> None:
    """JSON has a spelling of its own for what the stream's encoding lacks."""
    try:
        line.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        line = json.dumps(json.loads(line))
    say(line)


def say_report(text: Any) -> None:
    """Print a report or a part of it: a string, or Rich's text."""
    if isinstance(text, str):
        say(text)
        return
    from rich.console import Console

    Console(highlight=False, soft_wrap=True).print(text)


def say_summary(problem: Problem, *, as_json: bool) -> None:
    from puzzlesolver.report.summary import summary_object, summary_text

    if as_json:
        say_json(json.dumps(summary_object(problem), ensure_ascii=False))
    else:
        say(summary_text(problem))


def say_mistakes(name: str, diagnostics: Sequence[Diagnostic], *, as_json: bool) -> None:
    from puzzlesolver.report.diagnostics import diagnostics_json, draw, draw_coloured

    if as_json:
        say_json(diagnostics_json(name, diagnostics))
    if is_colourful(sys.stderr):
        from rich.console import Console

        Console(stderr=True, highlight=False, soft_wrap=True).print(draw_coloured(diagnostics), end="")
    else:
        say(draw(diagnostics).removesuffix("\n"), sys.stderr)
