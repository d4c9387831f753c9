"""Chains of deductions that a person can follow, for puzzles over finitely many values."""

from __future__ import annotations

from puzzlesolver.deduction.explanation import answer_of, explain_problem
from puzzlesolver.deduction.steps import Case, Chain, Change, Ending, Explanation, Step

__all__ = ["Case", "Chain", "Change", "Ending", "Explanation", "Step", "answer_of", "explain_problem"]
