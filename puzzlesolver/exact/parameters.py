"""Names for parameters that are still free."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sympy import Symbol

PARAMETER_NAMES = ("k", "m", "n", "j", "l")
"""What whole-number parameters are called, as long as the names are free."""


def fresh_integers(taken: Iterable[Symbol]) -> Iterator[Symbol]:
    """Whole-number symbols whose names no other symbol bears."""
    names = {str(symbol.name) for symbol in taken}
    yield from (Symbol(name, integer=True) for name in PARAMETER_NAMES if name not in names)
    number = 1
    while True:
        if f"k{number}" not in names:
            yield Symbol(f"k{number}", integer=True)
        number += 1
