"""How steps speak: of values that are left or ruled out, of unknowns together, of the lines they use.

In: names and values. Out: words. A step tells what is left or what is ruled out, whichever is the shorter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from puzzlesolver.deduction.arithmetic import Number
from puzzlesolver.deduction.steps import Change

FEW = 3
MOST_NAMED = 12  # Unknowns that are listed one by one; of more the first and the last.

_ELEMENT = re.compile(r"(?P<array>[^\[\]]+)\[(?P<index>-?\d+(?:, -?\d+)*)\]")


def told(change: Change) -> str:
    """What a change comes to: ``M = 1``, ``E ≥ 2``, ``E is 5 or 6``, ``E is not 0``."""
    name, left, removed = change.name, change.left, change.removed
    if not left:
        return f"no value is left for {name}"
    if len(left) == 1:
        return f"{name} = {left[0]}"
    if len(left) <= FEW:
        return f"{name} is {either(left)}"
    below, above = removed[0] < left[0], removed[-1] > left[-1]
    if not any(left[0] < value < left[-1] for value in removed):
        if below and above:
            return f"{left[0]} ≤ {name} ≤ {left[-1]}"
        return f"{name} ≥ {left[0]}" if below else f"{name} ≤ {left[-1]}"
    return f"{name} is not {either(removed)}" if len(removed) < len(left) else f"{name} is {either(left)}"


def all_told(changes: Sequence[Change]) -> str:
    """Several changes, what is found first."""
    ordered = sorted(changes, key=lambda change: len(change.left) != 1)
    return listed([told(change) for change in ordered], "and")


def either(values: Sequence[Number]) -> str:
    """``2, 3 or 4``."""
    return listed([str(value) for value in values], "or")


def listed(parts: Sequence[str], last: str) -> str:
    """Parts with commas, and a word before the last."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}" if parts else ""


def known(values: Mapping[str, Number]) -> str:
    """What is known of the unknowns of a statement, as an insertion into a sentence."""
    if not values or len(values) > MOST_NAMED:
        return ""
    return f" with {', '.join(f'{name} = {value}' for name, value in values.items())}"


def together(names: Sequence[str]) -> str:
    """Unknowns by their array where they are a full part of it: ``x[4, 1..9]``; else one by one."""
    found = [_ELEMENT.fullmatch(name) for name in names]
    arrays = {match["array"] for match in found if match}
    if len(arrays) == 1 and all(found):
        axes = list(zip(*(tuple(map(int, match["index"].split(","))) for match in found if match), strict=False))
        count = 1
        for axis in axes:
            count *= max(axis) - min(axis) + 1
        if count == len(set(names)):
            return f"{arrays.pop()}[{', '.join(map(_ends, axes))}]"
    if len(names) > MOST_NAMED:
        return f"{names[0]}, …, {names[-1]}"
    return ", ".join(names)


def _ends(axis: Iterable[int]) -> str:
    numbers = sorted(set(axis))
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}..{numbers[-1]}"
