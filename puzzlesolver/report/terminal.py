"""How wide text stands on a terminal, and what of it must not get there.

In: any string. Out: a string of printable characters whose width in columns is known.
"""

from __future__ import annotations

import unicodedata

TAB = 4  # Tab stops stand every so many columns.
_EMOJI_STYLE = "\N{VARIATION SELECTOR-16}"
_JOINER = "\N{ZERO WIDTH JOINER}"
_INVISIBLE = {"Mn", "Me"}
_CONTROL = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def width(text: str) -> int:
    """How many columns `text`, which holds no tabs, takes: 2 for East Asian wide characters and most emoji."""
    if text.isascii():
        return len(text)
    total, last = 0, 0
    joined = False
    for character in text:
        if character == _EMOJI_STYLE:
            total, last = total + (last == 1), 2
            continue
        if character == _JOINER:
            joined = True
            continue
        if unicodedata.category(character) in _INVISIBLE:
            continue
        # What a joiner joins is drawn as one: a family, a flag on a pole.
        last = 0 if joined else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        total, joined = total + last, False
    return total


def shown(text: str) -> str:
    """The text with tabs widened to their stops and control characters, which could move the cursor, made visible."""
    if text.isascii() and text.isprintable():
        return text
    pieces: list[str] = []
    column = 0
    for character in text:
        if character == "\t":
            piece = " " * (TAB - column % TAB)
        elif character not in (_JOINER, _EMOJI_STYLE) and unicodedata.category(character) in _CONTROL:
            piece = "\N{REPLACEMENT CHARACTER}"
        else:
            piece = character
        column += width(piece)
        pieces.append(piece)
    return "".join(pieces)


def padded(text: str, columns: int, align: str = "<") -> str:
    """`text` filled with blanks to `columns`: ``<`` to the left, ``>`` to the right, ``^`` in the middle."""
    missing = max(columns - width(text), 0)
    left = {"<": 0, ">": missing, "^": missing // 2}[align]
    return " " * left + text + " " * (missing - left)


def encodable(text: str, encoding: str) -> str:
    """The text in characters that `encoding` has: mathematics in its plain spelling, the rest as escapes."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_SPELLINGS).encode(encoding, "backslashreplace").decode(encoding)
    return text


_SPELLINGS = str.maketrans(
    {
        "≈": "~",
        "±": "+/-",
        "²": "^2",
        "³": "^3",
        "×": "*",
        "·": "*",
        "−": "-",
        "≤": "<=",
        "≥": ">=",
        "≠": "!=",
        "…": "...",
    }
)
