"""The pivot: what a puzzle asks, as mathematics. The language writes it, every engine reads it, nothing changes it."""

from __future__ import annotations

from puzzlesolver.problem.problem import (
    INTEGERS,
    REALS,
    AllDifferent,
    Ask,
    Condition,
    Data,
    Domain,
    Equation,
    Family,
    Fit,
    Index,
    Layout,
    Objective,
    Origin,
    Problem,
    Unknown,
    UnknownArray,
    element_symbol,
    real_symbol,
)
from puzzlesolver.problem.relation import Relation

__all__ = [
    "INTEGERS",
    "REALS",
    "AllDifferent",
    "Ask",
    "Condition",
    "Data",
    "Domain",
    "Equation",
    "Family",
    "Fit",
    "Index",
    "Layout",
    "Objective",
    "Origin",
    "Problem",
    "Relation",
    "Unknown",
    "UnknownArray",
    "element_symbol",
    "real_symbol",
]
