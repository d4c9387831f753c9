"""Puzzles over finitely many values: OR-Tools' CP-SAT finds every solution and proves that there is no other."""

from __future__ import annotations

from puzzlesolver.exact.whole.finite.ranges import is_finite, whole_ranges
from puzzlesolver.exact.whole.finite.solver import best_finite, solve_finite

__all__ = ["best_finite", "is_finite", "solve_finite", "whole_ranges"]
