"""What a writer probably meant where the grammar stops: one rule for each common slip, and what to write instead.

In comes a `Stop`, the place in the text and what the grammar would have taken; out of each rule comes an `Explanation`,
or None where the slip is another one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from puzzlesolver.language.mistakes import nearest


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


def stands(stop: Stop) -> str:
    """What stands at the stop, in words."""
    if not stop.found:
        return "the statement ends here"
    shown = stop.found if len(stop.found) <= 30 else stop.found[:27] + "..."
    return f"'{shown}' stands here"


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


def _wrong_sign(stop: Stop) -> Explanation | None:
    for wrong, hint in sorted(_WRONG_SIGNS.items(), key=lambda pair: -len(pair[0])):
        for start in range(max(stop.at - len(wrong) + 1, 0), stop.at + 1):
            if stop.text[start : start + len(wrong)] == wrong:
                part = start, start + len(wrong)
                return Explanation(f"'{wrong}' is no sign of the language", hint, part)
    if stop.found in _RELATIONS and stop.before.rstrip()[-1:] in tuple("=<>≤≥≠"):
        return Explanation(f"a value is expected between '{stop.before.rstrip()[-1]}' and '{stop.found}'")
    return None


MOST_NUMBERS = 20
"""Numbers with a comma of which one is sought that is no list."""

_COMMA_IN_A_NUMBER = re.compile(r"(?<![\w.,])\d+(?:,\d+)+(?![\w,])")


def _decimal_comma(stop: Stop) -> Explanation | None:
    """Also where the list that a comma begins comes to its end only later, as in ``x + 1,25 = 4``."""
    for number in islice(_COMMA_IN_A_NUMBER.finditer(stop.text), MOST_NUMBERS):
        if number.start() < stop.at and not _is_list(stop, number.start()):
            first, *groups = number[0].split(",")
            if re.search(r"(\bin|∈)\s*$", stop.text[: number.start()]):
                said = "the numbers that may be meant stand in braces"
                return Explanation(said, f"write {{{number[0].replace(',', ', ')}}}", number.span())
            hint = f"write {first}.{groups[0]}"
            if all(len(group) == 3 for group in groups):
                together = first + "".join(groups)
                hint = f"{hint}, or {together} if thousands are meant" if len(groups) == 1 else f"write {together}"
            said = "a comma stands inside a number; decimals have a point, and digits are not grouped"
            return Explanation(said, hint, number.span())
    if stop.found != ",":
        return None
    if "EQUALS" in stop.accepts or re.search(r"[^<>!=]=[^=]", stop.before):
        return Explanation("a comma stands behind an expression", "statements on one line are separated by ';'")
    if " in " in stop.before:
        return Explanation("a comma stands behind a domain", "state one domain at a time; ';' separates statements")
    return None


def _is_list(stop: Stop, at: int) -> bool:
    """Whether values are listed at a place: in brackets, or behind words that begin a list."""
    return (
        bool(_open_brackets(stop.text[:at])) or re.match(r"\s*(all\s+different|solve\s+for)\b", stop.text) is not None
    )


def _question(stop: Stop) -> Explanation | None:
    if stop.found != "?":
        return None
    if len(re.findall(r"\b[^\W\d]{2,}\s", stop.before)) > 3:
        return _sentence(stop)
    hint = "for a blank inside a calculation, write `grid` above it, or give it a name"
    if re.match(r"\s*let\b", stop.text):
        hint = "what is not known needs no `let`: a name that nothing defines is an unknown"
    elif not stop.rest[1:].strip():
        hint = "x + y = ?"
    return Explanation("'?' asks for a value and stands alone on one side of '='", hint)


_CLOSING = {"(": ")", "[": "]", "{": "}", "|": "|"}
_RELATIONS = ("=", "==", "<", "<=", ">", ">=", "!=", "≤", "≥", "≠")


def _bracket(stop: Stop) -> Explanation | None:
    opened = _open_brackets(stop.before)
    if stop.found == ";" and opened:
        still_open = _open_brackets(stop.text)
        if still_open:
            return _never_closed(stop, still_open[-1])
        return Explanation("';' cannot stand inside brackets", "what stands in brackets is separated by ','")
    if stop.found and stop.found in ")]}":
        opener = next(sign for sign, closing in _CLOSING.items() if closing == stop.found)
        if not opened:
            numbered = re.fullmatch(r"\s*\w{1,3}", stop.before)
            hint = "what numbers the statements is no part of them" if numbered and stop.rest[1:].strip() else None
            return Explanation(f"this '{stop.found}' closes nothing: no '{opener}' is open before it", hint)
        if stop.text[opened[-1]] != opener and stop.accepts & {"RPAR", "RSQB", "RBRACE"}:
            sign = stop.text[opened[-1]]
            said = f"'{_CLOSING[sign]}' is expected for the '{sign}' before, and '{stop.found}' stands here"
            return Explanation(said)
        if stop.before.rstrip().endswith((opener, ",")) or not stop.accepts & {"RPAR", "RSQB", "RBRACE"}:
            return Explanation(f"a value is expected, and '{stop.found}' stands here")
    if stop.found in _RELATIONS and opened and stop.accepts & {"RPAR", "RSQB", "RBRACE"}:
        if len(_open_brackets(stop.text)) < len(opened):
            said = f"'{stop.found}' cannot stand inside brackets"
            return Explanation(said, "brackets are put around a part of one side; an equation stands by itself")
        return _never_closed(stop, opened[-1])
    if not stop.found or (stop.text.count("|") % 2 and stop.found not in ")]}"):
        still_open = _open_brackets(stop.text)
        if still_open:
            return _never_closed(stop, still_open[-1])
        if stop.text.count("|") % 2:
            return _never_closed(stop, stop.text.rindex("|"))
    return None


def _never_closed(stop: Stop, at: int) -> Explanation:
    sign = stop.text[at]
    return Explanation(f"this '{sign}' is never closed", f"a '{_CLOSING[sign]}' is missing", (at, at + 1))


def _open_brackets(text: str) -> list[int]:
    """Where the brackets begin that are still open at the end, the innermost last; bars are not counted."""
    opened: list[int] = []
    for position, sign in enumerate(text):
        if sign in "([{":
            opened.append(position)
        elif sign in ")]}" and opened:
            opened.pop()
    return opened


def _braces(stop: Stop) -> Explanation | None:
    """Other brackets than round ones around a part of a calculation."""
    if stop.found == "{" or (stop.found == "[" and "NUMBER" in stop.accepts and "BANG" not in stop.accepts):
        hint = None
        if stop.before.endswith(("^", "_")):
            hint = "write x^(2), not x^{2}; an index is x_2 or x[2]"
        elif stop.found == "{" and re.search(r"\w$", stop.before):
            hint = "an index stands in square brackets: x[1]"
        elif re.search(r"[^<>!=]=\s*$", stop.before):
            hint = "values to choose from are a domain: x in {1, 2, 3}"
        return Explanation(f"'{stop.found}' cannot stand here; brackets in a calculation are round", hint)
    return None


def _grid(stop: Stop) -> Explanation | None:
    if stop.found == "[" and "LSQB" not in stop.accepts:
        hint = "a grid whose first line begins otherwise has `grid` above it"
        if stop.before.rstrip().endswith("]"):
            hint = "several indices stand in one pair of brackets: x[1, 2]"
        return Explanation("'[' has no meaning here", hint)
    return None


def _percent(stop: Stop) -> Explanation | None:
    if stop.found == "%":
        return Explanation("'%' has no meaning here", "5 percent is 5/100; the remainder of a division is `a mod b`")
    return None


def _colon(stop: Stop) -> Explanation | None:
    if stop.found == ":" and re.search(r"[\w)]\s*$", stop.before):
        if re.search(r"\bif\b[^=<>]*$", stop.before):
            return Explanation("behind `if` a condition is expected, such as i < j", "for i in 1..9 if i != 3: ...")
        if re.match(r"\s*for\b", stop.before):
            return Explanation("in `for`, a range such as 1..9 is expected before ':'", "for i in 1..9: ...")
        word = re.match(r"\s*(\w+)", stop.before)
        slip = nearest(word[1], ("cryptarithm", "grid", "data", "table")) if word else None
        hint = f"did you mean '{slip}'?" if slip else "a division is written '/'"
        if stop.rest.startswith("://"):
            hint = "a comment begins with '#'"
        elif begins := re.match(r"\s*(let|guess|fit|solve\s+for|minimi[sz]e|maximi[sz]e)(\s+\w)?", stop.before):
            hint = "write '='" if begins[2] else f"`{begins[1]}` stands without ':'"
        elif domain := re.match(r":\s*(integer|real)s?\s*$", stop.rest):
            hint = f"write {stop.before.strip()} in {domain[1]}"
        return Explanation("':' has no meaning here", hint)
    return None


_NO_RANGE = re.compile(
    r"\bfor\s+(\w+\s+(in|∈)\s+[^:]*,\s*)?\w+\s+(in|∈)\s+(?P<what>range\s*\((?P<ends>[^():]*)\)|\w+|[\[{][^\]}]*[\]}])"
)


def _no_range(stop: Stop) -> Explanation | None:
    """What other languages have an index run through."""
    for wrong in _NO_RANGE.finditer(stop.text):
        if wrong.start("what") <= stop.at <= wrong.end() + 1:
            hint = "for i in 1..9: ..."
            if wrong["ends"] is not None:
                low, high = ([*wrong["ends"].split(","), ""] if "," in wrong["ends"] else ["0", wrong["ends"]])[:2]
                upto = str(int(high) - 1) if high.strip().isdecimal() else f"{high.strip()} - 1"
                hint = f"write {low.strip()}..{upto}, which ends with the last index"
            elif wrong["what"].isidentifier():
                hint = f"write 1..{wrong['what']}"
            return Explanation("a range such as 1..9 is expected here", hint, wrong.span("what"))
    return None


def _loop(stop: Stop) -> Explanation | None:
    if stop.accepts == {"IN"} and re.search(r"\bfor\b", stop.before):
        return Explanation(f"`in` is expected, and {stands(stop)}", "for i in 1..9: ...")
    if re.match(r"\s*for\b", stop.before) and "COLON" in stop.accepts and ":" not in stop.text:
        return Explanation("`for` needs ':' before its statement", "for i in 1..9: ...", (stop.at, stop.at))
    if "RANGE" in stop.accepts and re.search(r"(\bin\b|∈)\s+\S[^=]*$", stop.before) and stop.found not in "=<>":
        hint = "1..9 are whole numbers, [0, 1] is an interval, {2, 3, 5} a set"
        if re.search(r"\bfor\s+\w+\s+(in|∈)\s+\S[^=]*$", stop.before):
            return Explanation(f"a range such as 1..9 is expected, and {stands(stop)}", "for i in 1..9: ...")
        return Explanation(f"a domain or a range is expected, and {stands(stop)}", hint)
    return None


def _no_relation(stop: Stop) -> Explanation | None:
    if not stop.found and "EQUALS" in stop.accepts and "RPAR" not in stop.accepts:
        first = re.match(r"\s*(let|guess|fit)\b", stop.text)
        if first:
            return Explanation(f"`{first[1]}` needs '=' and a value, and the statement ends here", _FORMS[first[1]])
    if not stop.found and {"EQUALS", "RELATION"} <= stop.accepts and "RPAR" not in stop.accepts:
        whole = len(stop.text) - len(stop.text.lstrip()), len(stop.text.rstrip())
        if re.match(r"\s*all_?different\b", stop.text, re.IGNORECASE):
            return Explanation("`all different` is followed by ':' and what differs", _FORMS["all different"], whole)
        if re.fullmatch(r"\s*solve\s*", stop.text):
            said = "`solve` is followed by `for` and names"
            return Explanation(said, "without it all unknowns are solved for", whole)
        hint = "write '= ?' to ask for a value"
        if re.fullmatch(r"\s*([-+*]\s*)?[A-ZÄÖÜ]{2,}\s*|\s*[-=_]{3,}\s*[A-ZÄÖÜ]*\s*", stop.text):
            hint = "words or numbers in columns stand below the word `cryptarithm`"
        return Explanation("this states nothing: '=', '<' or `in` is expected", hint, whole)
    return None


def _words(stop: Stop) -> Explanation | None:
    """Slips in the words that begin or end a statement."""
    if re.match(r"\s*all\s+different\b", stop.text):
        said = "`all different` is followed by ':' and what differs"
        if re.search(r":\s*$", stop.before):
            said = f"names are expected behind `all different`, and {stands(stop)}"
        return Explanation(said, _FORMS["all different"])
    if data := re.search(r"(?<=\S)\s+(data\s+from)\b", stop.before):
        return Explanation("`data from` stands on a line of its own", 'data from "points.csv"', data.span(1))
    if re.match(r"\s*data\s+from\b", stop.text):
        if stop.found in ('"', "'"):
            return Explanation("this quote is never closed")
        file = re.match(r"\s*data\s+from\s*[\"']?(?P<name>[^\"'\s]*)", stop.text)
        name = file["name"] if file and file["name"] else "points.csv"
        part = file.span("name") if file and file["name"] else None
        return Explanation("the name of a file stands in quotes", f'data from "{name}"', part)
    if (form := re.match(r"\s*let\s+(\w+)\s+(\w+)\s*=", stop.text)) and stop.at < form.end():
        said = f"'=' or arguments in brackets are expected behind '{form[1]}', and {stands(stop)}"
        return Explanation(said, f"let {form[1]}({form[2]}) = ...")
    word = re.match(r"\s*(for|let|guess|minimi[sz]e|maximi[sz]e)\b", stop.text)
    if word and stop.found in _RELATIONS and not stop.before[word.end() :].strip():
        return Explanation(
            f"'{word[1]}' is a word of the language and cannot be a name here", _FORMS.get(word[1]), word.span(1)
        )
    if re.match(r"\s*(mini|maxi)mi[sz]e\b", stop.text) and stop.found in _RELATIONS:
        said = "`minimize` and `maximize` are followed by an expression"
        return Explanation(said, "conditions are statements of their own")
    if stop.found in ("and", "or") and stop.accepts & {"$END", "EQUALS"}:
        if re.match(r"\s*solve\s+for\b", stop.text) or not re.search(r"[=<>≤≥≠∈]|\bin\b", stop.before):
            return Explanation(f"'{stop.found}' cannot stand here", "names are separated by ','")
        return Explanation(f"'{stop.found}' does not join statements", "they are separated by ';'")
    if stop.found == "in" and (called := re.search(r"\b(sum|product|min|max)\s*\([^()]*$", stop.before)):
        return Explanation("`in` cannot stand here", f"{called[1]}(x[i] for i in 1..9)")
    if stop.found == "if":
        return Explanation("`if` stands behind a `for`", "for i in 1..9 if i != 3: ...")
    domain = re.search(r"(\bin\b|∈)\s*(?P<rest>[^=]*)$", stop.text) if not stop.found else None
    if domain and "RANGE" in stop.accepts:
        hint = "integer, real, 1..9, 1..oo, [0, 1] or {2, 3, 5}"
        named = domain["rest"].strip()
        slip = nearest(named, ("integer", "integers", "real", "reals"))
        hint = f"did you mean '{slip}'?" if slip else _DOMAINS.get(named.lower(), hint)
        return Explanation("this is no domain", hint, domain.span("rest"))
    if stop.found and stop.found in ("..", "...", "…", "‥"):
        if re.search(r"[-+*,]\s*$", stop.before):
            said = "what is left out here is not known"
            return Explanation(said, "write all of it out, or sum(x[i] for i in 1..n)")
        if re.search(r"(\bin|∈)\s*[(\[][^()\[\]]*$", stop.before):
            said = "a range of whole numbers stands without brackets"
            return Explanation(said, "x in 1..9; an interval has a comma: x in [1, 9]")
        return Explanation("a range stands behind `in` or in an index", "x in 1..3, x[1..3]")
    return None


_NATURAL = "natural numbers are 1..oo or 0..oo, whole numbers `integer`"
_DOMAINS = {
    **dict.fromkeys(("n", "ℕ", "natural", "naturals"), _NATURAL),
    **dict.fromkeys(("z", "int", "whole"), "whole numbers are `integer`"),
    **dict.fromkeys(("r", "float", "reals"), "real numbers are `real`"),
    **dict.fromkeys(("positive", "positives"), "write (0, oo), or 1..oo for whole numbers"),
    **dict.fromkeys(("digit", "digits"), "write 0..9"),
}
"""Domains as others call them, with what to write."""

_FORMS = {
    "let": "let a = 3",
    "guess": "guess x = 1.5",
    "fit": "fit y = a*x + b",
    "for": "for i in 1..9: ...",
    "all different": "all different: A, B, C",
}


def _sentence(stop: Stop) -> Explanation | None:
    """Words of a language that people speak."""
    if len(re.findall(r"(?<!\S)[^\W\d]{2,}[.,;?!]?(?!\S)", stop.text)) > 3:
        part = len(stop.text) - len(stop.text.lstrip()), len(stop.text.rstrip())
        return Explanation("this is no statement of the language", "a comment begins with '#'", part)
    return None


def _strange(stop: Stop) -> Explanation | None:
    if stop.found and not stop.found[0].isprintable():
        return Explanation(f"the character U+{ord(stop.found[0]):04X} has no meaning here")
    if stop.found in ("'", '"') and stop.found in stop.text[stop.at + 1 :]:
        return None
    if stop.found == '"':
        return Explanation("this quote is never closed")
    if stop.found[:1] in ("'", '"') and len(stop.found) > 1:
        return Explanation(f"a value is expected, and {stands(stop)}", "names and numbers stand without quotes")
    if stop.found == ".":
        hint = "a number has one decimal point" if re.search(r"\d$", stop.before) else None
        return Explanation("'.' has no meaning here", hint)
    if (
        stop.found in ("'", "_")
        and (number := re.search(r"\d+$", stop.before))
        and (digits := re.match(r"[\d'_]+", stop.rest))
    ):
        together = number[0] + re.sub(r"\D", "", digits[0])
        return Explanation(f"'{stop.found}' has no meaning here", f"digits are not grouped: {together}")
    if stop.rest.startswith("'s"):
        return Explanation(f"'{stop.found}' has no meaning here", "a name is letters, digits and '_', in one word")
    if stop.found in ("\\", "$", "@", "`", "&", "~", "'", "_") or (stop.found and ord(stop.found[0]) > 127):
        code = "" if stop.found.isascii() else f" (U+{ord(stop.found[0]):04X})"
        return Explanation(f"'{stop.found[0]}'{code} has no meaning here", _HINTS.get(stop.found[0]))
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


RULES: tuple[Callable[[Stop], Explanation | None], ...] = (
    _wrong_sign,
    _decimal_comma,
    _question,
    _no_range,
    _bracket,
    _words,
    _loop,
    _braces,
    _grid,
    _percent,
    _colon,
    _no_relation,
    _strange,
    _sentence,
)
"""The rules in the order in which they are tried."""
