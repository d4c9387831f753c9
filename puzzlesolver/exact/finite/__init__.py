"""Puzzles over finitely many values: OR-Tools' CP-SAT finds every solution and proves that there is no other."""

from __future__ import annotations

from puzzlesolver.exact.finite.ranges import is_finite, whole_ranges
from puzzlesolver.exact.finite.solver import solve_finite

__all__ = ["is_finite", "solve_finite", "whole_ranges"]
