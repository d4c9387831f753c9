"""What a writer probably meant where the grammar stops: one rule for each common slip, and what to write instead.

In comes a `Stop`, the place in the text and what the grammar would have taken; out of each rule comes a
`SlipExplanation`, or None where the slip is another one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice

from puzzlesolver.language.mistakes import nearest
from puzzlesolver.language.slips.words import (
    RELATIONS,
    SlipExplanation,
    Stop,
    beginning,
    data_file,
    domain,
    dots,
    joint,
    loop,
    no_range,
    no_relation,
    sentence,
    stands,
)

_WRONG_SIGNS = {
    "=<": "write '<='",
    "=>": "write '>='",
    "<>": "write '!='",
    "><": "write '!='",
    "=!": "write '!='",
    "===": "write '='",
    ":=": "write '='",
    "->": "write '='",
    "≤=": "write '≤'",
    "&&": "two statements are separated by ';'",
    "||": "there is no 'or'; cases that exclude each other are puzzles of their own",
    "/=": "write '!='",
    "<==": "write '<='",
    ">==": "write '>='",
    "!==": "write '!='",
    "~=": "write '!='",
    "^^": "write '^'",
    "//": "a comment begins with '#'; a quotient without its rest is floor(x/y)",
    "/*": "a comment begins with '#'",
    "+=": "an equation says what holds, and changes nothing",
    "-=": "an equation says what holds, and changes nothing",
    "*=": "an equation says what holds, and changes nothing",
}


def _wrong_sign(stop: Stop) -> SlipExplanation | None:
    for wrong, hint in sorted(_WRONG_SIGNS.items(), key=lambda pair: -len(pair[0])):
        for start in range(max(stop.at - len(wrong) + 1, 0), stop.at + 1):
            if stop.text[start : start + len(wrong)] == wrong:
                part = start, start + len(wrong)
                return SlipExplanation(f"'{wrong}' is no sign of the language", hint, part)
    if stop.found in RELATIONS and stop.before.rstrip()[-1:] in tuple("=<>≤≥≠"):
        return SlipExplanation(f"a value is expected between '{stop.before.rstrip()[-1]}' and '{stop.found}'")
    return None


MOST_NUMBERS = 20  # Numbers with a comma of which one is sought that is no list.

_COMMA_IN_A_NUMBER = re.compile(r"(?<![\w.,])\d+(?:,\d+)+(?![\w,])")


def _decimal_comma(stop: Stop) -> SlipExplanation | None:
    """Also where the list that a comma begins comes to its end only later, as in ``x + 1,25 = 4``."""
    for number in islice(_COMMA_IN_A_NUMBER.finditer(stop.text), MOST_NUMBERS):
        if number.start() < stop.at and not _is_list(stop, number.start()):
            first, *groups = number[0].split(",")
            if re.search(r"(\bin|∈)\s*$", stop.text[: number.start()]):
                said = "the numbers that may be meant stand in braces"
                return SlipExplanation(said, f"write {{{number[0].replace(',', ', ')}}}", number.span())
            hint = f"write {first}.{groups[0]}"
            if all(len(group) == 3 for group in groups):
                together = first + "".join(groups)
                hint = f"{hint}, or {together} if thousands are meant" if len(groups) == 1 else f"write {together}"
            said = "a comma stands inside a number; decimals have a point, and digits are not grouped"
            return SlipExplanation(said, hint, number.span())
    if stop.found != ",":
        return None
    if "EQUALS" in stop.accepts or re.search(r"[^<>!=]=[^=]", stop.before):
        return SlipExplanation("a comma stands behind an expression", "statements on one line are separated by ';'")
    if " in " in stop.before:
        return SlipExplanation("a comma stands behind a domain", "state one domain at a time; ';' separates statements")
    return None


def _is_list(stop: Stop, at: int) -> bool:
    """Whether values are listed at a place: in brackets, or behind words that begin a list."""
    return (
        bool(_open_brackets(stop.text[:at])) or re.match(r"\s*(all\s+different|solve\s+for)\b", stop.text) is not None
    )


def _question(stop: Stop) -> SlipExplanation | None:
    if stop.found != "?":
        return None
    if len(re.findall(r"\b[^\W\d]{2,}\s", stop.before)) > 3:
        return sentence(stop)
    hint = "for a blank inside a calculation, write `grid` above it, or give it a name"
    if re.match(r"\s*let\b", stop.text):
        hint = "what is not known needs no `let`: a name that nothing defines is an unknown"
    elif not stop.rest[1:].strip():
        hint = "x + y = ?"
    return SlipExplanation("'?' asks for a value and stands alone on one side of '='", hint)


_CLOSING = {"(": ")", "[": "]", "{": "}", "|": "|"}


def _bracket(stop: Stop) -> SlipExplanation | None:
    opened = _open_brackets(stop.before)
    if stop.found == ";" and opened:
        still_open = _open_brackets(stop.text)
        if still_open:
            return _never_closed(stop, still_open[-1])
        return SlipExplanation("';' cannot stand inside brackets", "what stands in brackets is separated by ','")
    if stop.found and stop.found in ")]}":
        opener = next(sign for sign, closing in _CLOSING.items() if closing == stop.found)
        if not opened:
            numbered = re.fullmatch(r"\s*\w{1,3}", stop.before)
            hint = "what numbers the statements is no part of them" if numbered and stop.rest[1:].strip() else None
            return SlipExplanation(f"this '{stop.found}' closes nothing: no '{opener}' is open before it", hint)
        if stop.text[opened[-1]] != opener and stop.accepts & {"RPAR", "RSQB", "RBRACE"}:
            sign = stop.text[opened[-1]]
            said = f"'{_CLOSING[sign]}' is expected for the '{sign}' before, and '{stop.found}' stands here"
            return SlipExplanation(said)
        if stop.before.rstrip().endswith((opener, ",")) or not stop.accepts & {"RPAR", "RSQB", "RBRACE"}:
            return SlipExplanation(f"a value is expected, and '{stop.found}' stands here")
    if stop.found in RELATIONS and opened and stop.accepts & {"RPAR", "RSQB", "RBRACE"}:
        if len(_open_brackets(stop.text)) < len(opened):
            said = f"'{stop.found}' cannot stand inside brackets"
            return SlipExplanation(said, "brackets are put around a part of one side; an equation stands by itself")
        return _never_closed(stop, opened[-1])
    if not stop.found or (stop.text.count("|") % 2 and stop.found not in ")]}"):
        still_open = _open_brackets(stop.text)
        if still_open:
            return _never_closed(stop, still_open[-1])
        if stop.text.count("|") % 2:
            return _never_closed(stop, stop.text.rindex("|"))
    return None


def _never_closed(stop: Stop, at: int) -> SlipExplanation:
    sign = stop.text[at]
    return SlipExplanation(f"this '{sign}' is never closed", f"a '{_CLOSING[sign]}' is missing", (at, at + 1))


def _open_brackets(text: str) -> list[int]:
    """Where the brackets begin that are still open at the end, the innermost last; bars are not counted."""
    opened: list[int] = []
    for position, sign in enumerate(text):
        if sign in "([{":
            opened.append(position)
        elif sign in ")]}" and opened:
            opened.pop()
    return opened


def _braces(stop: Stop) -> SlipExplanation | None:
    """Other brackets than round ones around a part of a calculation."""
    if stop.found == "{" or (stop.found == "[" and "NUMBER" in stop.accepts and "BANG" not in stop.accepts):
        hint = None
        if stop.before.endswith(("^", "_")):
            hint = "write x^(2), not x^{2}; an index is x_2 or x[2]"
        elif stop.found == "{" and re.search(r"\w$", stop.before):
            hint = "an index stands in square brackets: x[1]"
        elif re.search(r"[^<>!=]=\s*$", stop.before):
            hint = "values to choose from are a domain: x in {1, 2, 3}"
        return SlipExplanation(f"'{stop.found}' cannot stand here; brackets in a calculation are round", hint)
    return None


def _grid(stop: Stop) -> SlipExplanation | None:
    if stop.found == "[" and "LSQB" not in stop.accepts:
        hint = "a grid whose first line begins otherwise has `grid` above it"
        if stop.before.rstrip().endswith("]"):
            hint = "several indices stand in one pair of brackets: x[1, 2]"
        return SlipExplanation("'[' has no meaning here", hint)
    return None


def _percent(stop: Stop) -> SlipExplanation | None:
    if stop.found == "%":
        return SlipExplanation(
            "'%' has no meaning here", "5 percent is 5/100; the remainder of a division is `a mod b`"
        )
    return None


_NO_COLON = r"\s*(data|table|let|guess|fit|max|min|minimi[sz]e|maximi[sz]e|solve(?:\s+for)?)\b(\s+\w)?"


def _colon(stop: Stop) -> SlipExplanation | None:
    if stop.found == ":" and re.search(r"[\w)]\s*$", stop.before):
        if re.search(r"\bif\b[^=<>]*$", stop.before):
            return SlipExplanation("behind `if` a condition is expected, such as i < j", "for i in 1..9 if i != 3: ...")
        if re.match(r"\s*for\b", stop.before):
            return SlipExplanation("in `for`, a range such as 1..9 is expected before ':'", "for i in 1..9: ...")
        word = re.match(r"\s*(\w+)", stop.before)
        slip = nearest(word[1], ("cryptarithm", "grid", "data", "table")) if word else None
        hint = f"did you mean '{slip}'?" if slip else "a division is written '/'"
        if stop.rest.startswith("://"):
            hint = "a comment begins with '#'"
        elif begins := re.match(_NO_COLON, stop.before):
            hint = f"`{begins[1]}` stands without ':'"
            if begins[1] in ("max", "min"):
                hint = f"the word is `{begins[1]}imize`, and stands without ':'"
            elif begins[2]:
                hint = "write '='"
        elif re.search(r"[^\s:=].*=", stop.rest[1:200]) and re.fullmatch(r"\s*\w+\s*", stop.before) and not slip:
            hint = "what numbers the statements is no part of them"
        elif domain := re.match(r":\s*(integer|real)s?\s*$", stop.rest):
            hint = f"write {stop.before.strip()} in {domain[1]}"
        return SlipExplanation("':' has no meaning here", hint)
    return None


def _strange(stop: Stop) -> SlipExplanation | None:
    if stop.found and not stop.found[0].isprintable():
        return SlipExplanation(f"the character U+{ord(stop.found[0]):04X} has no meaning here")
    if stop.found in ("'", '"') and stop.found in stop.text[stop.at + 1 :]:
        return None
    if stop.found == '"':
        return SlipExplanation("this quote is never closed")
    if stop.found[:1] in ("'", '"') and len(stop.found) > 1:
        return SlipExplanation(f"a value is expected, and {stands(stop)}", "names and numbers stand without quotes")
    if stop.found == ".":
        hint = "a number has one decimal point" if re.search(r"\d$", stop.before) else None
        return SlipExplanation("'.' has no meaning here", hint)
    if (
        stop.found in ("'", "_")
        and (number := re.search(r"\d+$", stop.before))
        and (digits := re.match(r"[\d'_]+", stop.rest))
    ):
        together = number[0] + re.sub(r"\D", "", digits[0])
        return SlipExplanation(f"'{stop.found}' has no meaning here", f"digits are not grouped: {together}")
    if stop.rest.startswith("'s"):
        return SlipExplanation(f"'{stop.found}' has no meaning here", "a name is letters, digits and '_', in one word")
    if stop.found in ("\\", "$", "@", "`", "&", "~", "'", "_") or (stop.found and ord(stop.found[0]) > 127):
        code = "" if stop.found.isascii() else f" (U+{ord(stop.found[0]):04X})"
        return SlipExplanation(f"'{stop.found[0]}'{code} has no meaning here", _HINTS.get(stop.found[0]))
    return None


_HINTS = {
    "\\": "formulas are written as text: sqrt(x), x^2, pi",
    "'": "a derivative is diff(f(x), x)",
    "_": "a name begins with a letter",
    "&": "two statements are separated by ';'",
    "°": "angles are in radians: 30 degrees are 30*pi/180",
    "~": "write '='",
    "∝": "write what it is: y = k*x",
    "±": "both signs at once are |x - 3| = 2, or (x - 3)^2 = 4",
    "→": "write '='",
    "≈": "write '='; a decimal is taken as exact",
    "≡": "write '=', or with a remainder: x mod 7 = 3",
    **dict.fromkeys("$€£¥", "numbers have no units"),
    **dict.fromkeys("∑∏", "sum(x[i] for i in 1..n), product(...)"),
    **dict.fromkeys("∫∂∇", "there are no integrals; a derivative is diff(f(x), x)"),
    **dict.fromkeys("∧∨¬⇒⇔", "statements are separated by ';' and all hold together"),
    **dict.fromkeys("′″", "a derivative is diff(f(x), x)"),
}


RULES: tuple[Callable[[Stop], SlipExplanation | None], ...] = (
    _wrong_sign,
    _decimal_comma,
    _question,
    no_range,
    _bracket,
    beginning,
    data_file,
    joint,
    domain,
    dots,
    loop,
    _braces,
    _grid,
    _percent,
    _colon,
    no_relation,
    _strange,
    sentence,
)
"""The rules in the order in which they are tried."""
