"""Where a block that is drawn in two dimensions ends.

In come the lines below a header (or from the first line of brackets on); out goes how many of them belong to the block.
A wrong line stays in it, so that its mistake is explained as one of the block; only what is plainly another statement,
or stands apart, does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from puzzlesolver.language.cryptarithms import tokens as cryptarithm_tokens
from puzzlesolver.language.grids.tokens import LETTER, is_rule, without_comment
from puzzlesolver.language.source import BlockLine

_STATEMENT = re.compile(
    r"[ \t]*(?:(?:let|for|guess|fit|data|table|minimi[sz]e|maximi[sz]e|solve\s+for|sigma|weights)[ \t]+[\w\"'(]"
    r"|all\s+different\b|(?:grid|cryptarithm)\b(?![ \t]*[-+*/=]))"
)
_PLAINLY_OTHER = re.compile(rf"[<>≤≥≠∈!^;,(){{}}\"'|]|\bin\b|\b{LETTER}\w+[ \t]+(?![xX]\b){LETTER}\w*")
_NO_CELLS = re.compile(r"[\s+\-*/:=.#xX]*")
_SIGN = re.compile(r"[-+*/:=]")
_COLUMN = re.compile(r"[ \t]*[-+*/=_\u2500-\u257f]")


def grid_extent(lines: Iterable[BlockLine], *, bracketed: bool) -> int:
    """How many of the lines are the grid. `bracketed`: no header stands above, so only brackets make a line of cells.

    An empty line ends it, save beside a row of operators, which has to go on.
    """
    end = count = 0
    after_signs = apart = started = False
    for count, line in enumerate(lines, 1):
        text = without_comment(line.text)
        if not text.strip():
            apart = apart or (started and not line.text.strip())
            continue
        signs = is_rule(text) or (_NO_CELLS.fullmatch(text) is not None and _SIGN.search(text) is not None)
        if _STATEMENT.match(text) or (started and _PLAINLY_OTHER.search(re.sub(r"\[[^\]]*\]", "", text))):
            break
        if started and apart and not after_signs and not signs:
            break
        if started and bracketed and not signs and "[" not in text and not (after_signs and "=" not in text):
            break
        started, apart, after_signs, end = True, False, signs, count
    return end


def cryptarithm_extent(lines: Iterable[BlockLine], indent: int) -> int:
    """How many of the lines below a header, which is indented by `indent` columns, are the cryptarithm.

    They end at an empty line, at another statement, and where they are indented, at the first line that is not; but a
    sign or a rule at the beginning of a line, and what is below a rule, belongs to columns that began above.
    """
    end = 0
    deeper: bool | None = None
    below_rule = False
    for count, line in enumerate(lines, 1):
        text = line.text
        if not text.strip() or _STATEMENT.match(text):
            break
        width = len(text.expandtabs()) - len(text.expandtabs().lstrip())
        deeper = width > indent if deeper is None else deeper
        columns = below_rule or bool(_COLUMN.match(text))
        if deeper and width <= indent and not columns:
            break
        below_rule, end = cryptarithm_tokens.is_rule(text), count
    return end
