"""New puzzles, each with exactly one solution, which is proved before the puzzle is handed out."""

from __future__ import annotations

from puzzlesolver.making.crossmath import DEFAULT_SIZE, make_crossmath
from puzzlesolver.making.cryptarithm import make_cryptarithm

__all__ = ["DEFAULT_SIZE", "make_crossmath", "make_cryptarithm"]
