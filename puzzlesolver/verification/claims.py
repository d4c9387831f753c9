"""An answer as its JSON states it: text in, `ClaimedAnswer` out, nothing believed and nothing interpreted yet.

Only the shape is looked at. A text that is no answer in the format ``puzzlesolver/1`` raises `MeaningMistake`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from puzzlesolver.errors import Diagnostic, MeaningMistake, Severity
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.verdicts import Verdict

FORMAT = "puzzlesolver/1"
STATUSES = ("unique", "finite", "infinite", "none", "best fit", "answered", "undecided")
EVIDENCES = ("exact", "certified", "numeric")
MOST_TEXT = 50_000_000
"""Characters of JSON."""
FEWEST_ROUNDED = 5
"""Of fewer digits it is not known whether they are all that were asked for."""
MOST_EXPONENT = 10_000
"""The largest exponent of a decimal string."""

_DECIMAL = re.compile(r"(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d{1,7}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Decimal:
    """A decimal string: its value, and the value of one unit in its last place."""

    value: Fraction
    unit: Fraction
    text: str

    @property
    def mantissa(self) -> str:
        """The significant digits that are printed."""
        return self.text.lstrip("-").partition("e")[0].replace(".", "").lstrip("0")

    @property
    def digits(self) -> int:
        """How many these are."""
        return len(self.mantissa) or 1

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        """Between which lie the numbers that are rounded to it, with as many significant digits."""
        half = self.unit / 2
        # Below a power of ten the numbers of as many digits are ten times as dense; and only zero is rounded to zero.
        inner = half / 10 if self.mantissa.rstrip("0") == "1" else half
        if not self.value:
            return self.value, self.value
        inner, outer = (inner, half) if self.value > 0 else (half, inner)
        return self.value - inner, self.value + outer

    def agrees(self, low: Fraction, high: Fraction) -> Verdict:
        """Whether it shows a number between two ends; one of few digits shows no other number than itself for sure."""
        if low == high == self.value:
            return Verdict.HOLDS
        first, last = self.ends
        if high < first or last < low:
            return Verdict.FAILS
        is_rounded = self.digits >= FEWEST_ROUNDED and first <= low and high <= last
        return Verdict.HOLDS if is_rounded else Verdict.NOT_REPROVED

    def is_near(self, low: Fraction, high: Fraction) -> Verdict:
        """Whether its last digit is by half a unit at most off for every number between two ends."""
        half = self.unit / 2
        if high < self.value - half or self.value + half < low:
            return Verdict.FAILS
        is_near = self.value - half <= low and high <= self.value + half
        return Verdict.HOLDS if is_near else Verdict.NOT_REPROVED


@dataclass(frozen=True, slots=True)
class ClaimedValue:
    """One value: the closed form's text, the decimal, and the ends of the box, each or None."""

    exact: str | None
    decimal: Decimal | None
    low: Fraction | None
    high: Fraction | None

    @property
    def has_box(self) -> bool:
        return self.low is not None and self.high is not None


@dataclass(frozen=True, slots=True)
class ClaimedSolution:
    """One entry of ``solutions``."""

    evidence: str
    multiplicity: int | None
    values: Mapping[str, ClaimedValue]
    free: tuple[str, ...]
    integer_parameters: tuple[str, ...]
    dimension: int
    conditions: tuple[str, ...]

    @property
    def parameters(self) -> tuple[str, ...]:
        """Every name that stays free in the values."""
        return (*self.free, *self.integer_parameters)


@dataclass(frozen=True, slots=True)
class ClaimedAnswer:
    """The keys of an answer that claim something about the puzzle."""

    status: str
    complete: bool
    dimension: int
    free: tuple[str, ...]
    unknowns: tuple[str, ...]
    solutions: tuple[ClaimedSolution, ...]
    asks: tuple[tuple[str, ClaimedValue], ...]
    conditions: tuple[str, ...]
    conflict: tuple[tuple[int | None, str], ...] | None
    compromise: Mapping[str, ClaimedValue]
    redundant: tuple[tuple[int | None, str], ...]
    best: ClaimedValue | None
    fit: Mapping[str, Any] | None


def read_answer(answer: str | Mapping[str, Any], budget: Budget) -> ClaimedAnswer:
    """The answer in a JSON text, or in the object that such a text holds. Raises `MeaningMistake` and `OutOfTime`."""
    found = _parsed(answer) if isinstance(answer, str) else answer
    if not isinstance(found, Mapping):
        raise _wrong("an answer is a JSON object")
    if found.get("format") != FORMAT:
        raise _wrong(f"expected an answer in the format {FORMAT}")
    if "errors" in found:
        raise _wrong("this is a list of mistakes in a puzzle, not an answer")
    conflict = found.get("conflict")
    return ClaimedAnswer(
        status=_one_of(found, "status", STATUSES),
        complete=_field(found, "complete", bool),
        dimension=_whole(found, "dimension"),
        free=_names(found, "free"),
        unknowns=_names(found, "unknowns"),
        solutions=tuple(_solution(item, budget) for item in _field(found, "solutions", list)),
        asks=tuple((_field(item, "ask", str), _value(item)) for item in _field(found, "answers", list)),
        conditions=_names(found, "conditions"),
        conflict=None if conflict is None else _lines(conflict, "lines"),
        compromise={} if conflict is None else _values(_field(conflict, "compromise", Mapping)),
        redundant=_lines(found, "redundant") if "redundant" in found else (),
        best=None if found.get("best") is None else _value(found["best"]),
        fit=_optional(found, "fit", Mapping),
    )


def decimal(text: str) -> Decimal | None:
    """A decimal string such as ``-1.50`` or ``2.5e-7``; None where it is none of a bearable size."""
    match = _DECIMAL.fullmatch(text)
    if match is None or len(text) > MOST_EXPONENT + 100:
        return None
    sign, whole, fraction, exponent = match.groups()
    place = int(exponent or 0) - len(fraction or "")
    if abs(place) > MOST_EXPONENT:
        return None
    try:
        unit = Fraction(10) ** place
        value = int(whole + (fraction or "")) * unit
    except ValueError:  # more digits than Python reads
        return None
    return Decimal(-value if sign else value, unit, text)


def _parsed(text: str) -> Any:
    if len(text) > MOST_TEXT:
        raise _wrong(f"the answer is longer than {MOST_TEXT} characters")
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except RecursionError:
        raise _wrong("the answer is nested too deeply") from None
    except MeaningMistake:
        raise
    except ValueError as error:
        raise _wrong(f"this is no JSON: {error}") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _wrong("a key stands twice in one object")
    return found


def _constant(name: str) -> Any:
    raise _wrong(f"{name} is no number of JSON")


def _wrong(message: str) -> MeaningMistake:
    return MeaningMistake(Diagnostic(Severity.ERROR, message, None))


def _field(item: Any, key: str, kind: type) -> Any:
    if not isinstance(item, Mapping) or not isinstance(item.get(key), kind):
        raise _wrong(f"expected '{key}' to be there and a {kind.__name__.lower()}")
    return item[key]


def _whole(item: Any, key: str) -> int:
    value = _field(item, key, int)
    if isinstance(value, bool) or value < 0:
        raise _wrong(f"expected '{key}' to be a whole number from 0")
    return int(value)


def _one_of(item: Any, key: str, values: tuple[str, ...]) -> str:
    value = str(_field(item, key, str))
    if value not in values:
        raise _wrong(f"expected '{key}' to be one of: {', '.join(values)}")
    return value


def _names(item: Any, key: str) -> tuple[str, ...]:
    names = _field(item, key, list)
    if not all(isinstance(name, str) for name in names):
        raise _wrong(f"expected '{key}' to be a list of strings")
    return tuple(names)


def _lines(item: Any, key: str) -> tuple[tuple[int | None, str], ...]:
    lines = [(_optional(line, "line", int), str(_field(line, "text", str))) for line in _field(item, key, list)]
    return tuple(lines)


def _optional(item: Any, key: str, kind: type) -> Any:
    """A field that may be null, or left out."""
    return None if isinstance(item, Mapping) and item.get(key) is None else _field(item, key, kind)


def _solution(item: Any, budget: Budget) -> ClaimedSolution:
    budget.check()
    return ClaimedSolution(
        evidence=_one_of(item, "evidence", EVIDENCES),
        multiplicity=None if _optional(item, "multiplicity", int) is None else _whole(item, "multiplicity"),
        values=_values(_field(item, "values", Mapping)),
        free=_names(item, "free"),
        integer_parameters=_names(item, "integer_parameters"),
        dimension=_whole(item, "dimension"),
        conditions=_names(item, "conditions"),
    )


def _values(item: Mapping[str, Any]) -> dict[str, ClaimedValue]:
    return {str(name): _value(value) for name, value in item.items()}


def _value(item: Any) -> ClaimedValue:
    low, high = (_decimal(item, key) for key in ("low", "high"))
    if (low is None) != (high is None):
        raise _wrong("a box has both ends or none")
    ends = (None, None) if low is None or high is None else (low.value, high.value)
    return ClaimedValue(_optional(item, "exact", str), _decimal(item, "decimal"), *ends)


def _decimal(item: Any, key: str) -> Decimal | None:
    text = _optional(item, key, str)
    found = None if text is None else decimal(text)
    if text is not None and found is None:
        raise _wrong(f"expected '{key}' to be a decimal number and not '{text[:40]}'")
    return found
