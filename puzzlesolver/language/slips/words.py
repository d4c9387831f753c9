"""Slips in the words of the language, as `slips.py` has them in its signs: `for`, domains, what begins a statement.

In comes a `Stop`; out of each rule comes an `SlipExplanation`, or None where the slip is another one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from puzzlesolver.language.mistakes import nearest

RELATIONS = ("=", "==", "<", "<=", ">", ">=", "!=", "≤", "≥", "≠")


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
class SlipExplanation:
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


_FORMS = {
    "let": "let a = 3",
    "guess": "guess x = 1.5",
    "fit": "fit y = a*x + b",
    "for": "for i in 1..9: ...",
    "all different": "all different: A, B, C",
    "table": "table x, and its rows below",
}

_NO_RANGE = re.compile(
    r"\b\w+\s+(?:in\b|∈)\s*(?P<what>range\s*\((?P<ends>[^():]{0,99})\)|(?<=\s)[^\W\d]\w*|[\[{][^\]}]{0,99}[\]}])"
)


def no_range(stop: Stop) -> SlipExplanation | None:
    """What other languages have an index run through."""
    for wrong in _NO_RANGE.finditer(stop.text) if re.search(r"\bfor\b", stop.before) else ():
        if wrong.start("what") <= stop.at <= wrong.end() + 1:
            hint = _FORMS["for"]
            if wrong["ends"] is not None:
                low, high = ([*wrong["ends"].split(","), ""] if "," in wrong["ends"] else ["0", wrong["ends"]])[:2]
                upto = str(int(high) - 1) if high.strip().isdecimal() else f"{high.strip()} - 1"
                hint = f"write {low.strip()}..{upto}, which ends with the last index"
            elif wrong["what"].isidentifier():
                hint = f"write 1..{wrong['what']}"
            return SlipExplanation("a range such as 1..9 is expected here", hint, wrong.span("what"))
    return None


def loop(stop: Stop) -> SlipExplanation | None:
    """Slips in `for` and in what an unknown is `in`."""
    if stop.accepts == {"IN"} and re.search(r"\bfor\b", stop.before):
        hint = {",": "for i in 1..9, j in 1..9: ...", "=": _FORMS["for"]}.get(stop.found)
        if stop.found in RELATIONS and not hint:
            hint = "conditions stand behind `if`: for i in 1..9 if i != 3: ..."
        return SlipExplanation(f"`in` is expected, and {stands(stop)}", hint or _FORMS["for"])
    if re.match(r"\s*for\b", stop.before) and "COLON" in stop.accepts:
        if stop.found == "and":
            return SlipExplanation("'and' cannot stand here", "several indices: for i in 1..9, j in 1..9: ...")
        if ":" not in stop.text:
            return SlipExplanation("`for` needs ':' before its statement", _FORMS["for"], (stop.at, stop.at))
    if "RANGE" in stop.accepts and re.search(r"(\bin\b|∈)\s+\S[^=]*$", stop.before) and stop.found not in "=<>":
        hint = "1..9 are whole numbers, [0, 1] is an interval, {2, 3, 5} a set"
        if re.search(r"\bfor\s+\w+\s+(in|∈)\s+\S[^=]*$", stop.before):
            return SlipExplanation(f"a range such as 1..9 is expected, and {stands(stop)}", _FORMS["for"])
        return SlipExplanation(f"a domain or a range is expected, and {stands(stop)}", hint)
    return None


def no_relation(stop: Stop) -> SlipExplanation | None:
    """A statement that ends before it has said anything."""
    if stop.found or "EQUALS" not in stop.accepts or "RPAR" in stop.accepts:
        return None
    if first := re.match(r"\s*(let|guess|fit)\b", stop.text):
        return SlipExplanation(f"`{first[1]}` needs '=' and a value, and the statement ends here", _FORMS[first[1]])
    if "RELATION" not in stop.accepts:
        return None
    whole = len(stop.text) - len(stop.text.lstrip()), len(stop.text.rstrip())
    text = stop.text.strip()
    if re.match(r"all_?different\b", text, re.IGNORECASE):
        return SlipExplanation("`all different` is followed by ':' and what differs", _FORMS["all different"], whole)
    if text == "solve":
        said = "`solve` is followed by `for` and names"
        return SlipExplanation(said, "without it all unknowns are solved for", whole)
    hint = "write '= ?' to ask for a value"
    if slip := nearest(text, ("grid", "cryptarithm", "data", "table")):
        hint = f"did you mean '{slip}'?"
    elif text in _FORMS:
        hint = _FORMS[text]
    elif re.fullmatch(r"([-+*]\s*)?[A-ZÄÖÜ]{2,}|[-=_]{3,}\s*[A-ZÄÖÜ]*", text):
        hint = "words or numbers in columns stand below the word `cryptarithm`"
    return SlipExplanation("this states nothing: '=', '<' or `in` is expected", hint, whole)


def beginning(stop: Stop) -> SlipExplanation | None:
    """A word that begins a statement, and does not go on as such a statement does."""
    if re.match(r"\s*all\s+different\b", stop.text):
        said = "`all different` is followed by ':' and what differs"
        if re.search(r":\s*$", stop.before):
            said = f"names are expected behind `all different`, and {stands(stop)}"
        return dots(stop) or SlipExplanation(said, _FORMS["all different"])
    word = re.match(r"\s*(for|let|guess|minimi[sz]e|maximi[sz]e)\b", stop.text)
    if word and stop.found in RELATIONS and not stop.before[word.end() :].strip():
        said = f"'{word[1]}' is a word of the language and cannot be a name here"
        return SlipExplanation(said, _FORMS.get(word[1]), word.span(1))
    if word and word[1] == "let" and stop.found == "in":
        return SlipExplanation(f"'=' is expected, and {stands(stop)}", "an unknown needs no `let`: x in 1..9")
    if (form := re.match(r"\s*let\s+(\w+)\s+(\w+)\s*=", stop.text)) and stop.at < form.end():
        said = f"'=' or arguments in brackets are expected behind '{form[1]}', and {stands(stop)}"
        return SlipExplanation(said, f"let {form[1]}({form[2]}) = ...")
    if re.match(r"\s*(mini|maxi)mi[sz]e\b", stop.text) and stop.found in RELATIONS:
        said = "`minimize` and `maximize` are followed by an expression"
        return SlipExplanation(said, "conditions are statements of their own")
    return None


def data_file(stop: Stop) -> SlipExplanation | None:
    """Slips in ``data from "points.csv"``."""
    if data := re.search(r"(?<=\S)\s+(data\s+from)\b", stop.before):
        return SlipExplanation("`data from` stands on a line of its own", 'data from "points.csv"', data.span(1))
    if re.match(r"\s*fit\b", stop.text) and stop.found[:1] in ('"', "'") and len(stop.found) > 1:
        return SlipExplanation("the file of a fit stands on a line of its own", f"data from {stop.found}")
    if not re.match(r"\s*data\s+from\b", stop.text):
        return None
    if stop.found in ('"', "'"):
        return SlipExplanation("this quote is never closed")
    file = re.match(r"\s*data\s+from\s*[\"']?(?P<name>[^\"'\s]*)", stop.text)
    name = file["name"] if file and file["name"] else "points.csv"
    part = file.span("name") if file and file["name"] else None
    return SlipExplanation("the name of a file stands in quotes", f'data from "{name}"', part)


def joint(stop: Stop) -> SlipExplanation | None:
    """`and`, `or`, `in` and `if` where they join nothing."""
    if stop.found in ("and", "or") and stop.accepts & {"$END", "EQUALS"}:
        if re.match(r"\s*solve\s+for\b", stop.text) or not re.search(r"[=<>≤≥≠∈]|\bin\b", stop.before):
            return SlipExplanation(f"'{stop.found}' cannot stand here", "names are separated by ','")
        return SlipExplanation(f"'{stop.found}' does not join statements", "they are separated by ';'")
    if stop.found == "in" and (called := re.search(r"\b(sum|product|min|max)\s*\([^()]*$", stop.before)):
        return SlipExplanation("`in` cannot stand here", f"{called[1]}(x[i] for i in 1..9)")
    if stop.found == "if":
        return SlipExplanation("`if` stands behind a `for`", "for i in 1..9 if i != 3: ...")
    return None


def domain(stop: Stop) -> SlipExplanation | None:
    """A word or a value where a domain should be."""
    stated = re.search(r"(\bin\b|∈)\s*(?P<rest>[^=]*)$", stop.text) if not stop.found else None
    if not stated or "RANGE" not in stop.accepts:
        return None
    hint = "integer, real, 1..9, 1..oo, [0, 1] or {2, 3, 5}"
    named = stated["rest"].strip()
    slip = nearest(named, ("integer", "integers", "real", "reals"))
    hint = f"did you mean '{slip}'?" if slip else _DOMAINS.get(named.lower(), hint)
    return SlipExplanation("this is no domain", hint, stated.span("rest"))


def dots(stop: Stop) -> SlipExplanation | None:
    """`..` where no range can be."""
    if not stop.found or stop.found not in ("..", "...", "…", "‥"):
        return None
    if re.search(r"[-+*,]\s*$", stop.before):
        hint = "write all of it out, or sum(x[i] for i in 1..n)"
        if stop.before.rstrip().endswith(","):
            hint = "names from A to H are A..H, from x1 to x9 x1..x9"
        return SlipExplanation("what is left out here is not known", hint)
    if re.search(r"(\bin|∈)\s*[(\[][^()\[\]]*$", stop.before):
        said = "a range of whole numbers stands without brackets"
        return SlipExplanation(said, "x in 1..9; an interval has a comma: x in [1, 9]")
    return SlipExplanation("a range stands behind `in` or in an index", "x in 1..3, x[1..3]")


_DOMAINS = {
    **dict.fromkeys(("n", "ℕ", "natural", "naturals"), "natural numbers are 1..oo or 0..oo, whole numbers `integer`"),
    **dict.fromkeys(("z", "int", "whole"), "whole numbers are `integer`"),
    **dict.fromkeys(("r", "float"), "real numbers are `real`"),
    **dict.fromkeys(("positive", "positives"), "write (0, oo), or 1..oo for whole numbers"),
    **dict.fromkeys(("digit", "digits"), "write 0..9"),
}
"""Domains as others call them, with what to write."""


def sentence(stop: Stop) -> SlipExplanation | None:
    """Words of a language that people speak."""
    if len(re.findall(r"(?<!\S)[^\W\d]{2,}[.,;?!]?(?!\S)", stop.text)) > 3:
        part = len(stop.text) - len(stop.text.lstrip()), len(stop.text.rstrip())
        return SlipExplanation("this is no statement of the language", "a comment begins with '#'", part)
    return None
