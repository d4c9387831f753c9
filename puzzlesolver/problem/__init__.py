"""The pivot: what a puzzle asks, as mathematics. The language writes it, every engine reads it, nothing changes it."""

from __future__ import annotations

from puzzlesolver.problem.problem import Ask, Data, Fit, Layout, Objective, Problem
from puzzlesolver.problem.statements import (
    NOWHERE,
    AllDifferent,
    Condition,
    Equation,
    Family,
    Index,
    Origin,
    Relation,
    Restriction,
    Statement,
)
from puzzlesolver.problem.unknowns import (
    INTEGERS,
    REALS,
    Domain,
    Unknown,
    UnknownArray,
    element_symbol,
    real_symbol,
)

__all__ = [
    "INTEGERS",
    "NOWHERE",
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
    "Restriction",
    "Statement",
    "Unknown",
    "UnknownArray",
    "element_symbol",
    "real_symbol",
]
