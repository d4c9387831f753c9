"""A `Solution` out of each kind of evidence: closed forms, a certified box, a bare point."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType

from sympy import Symbol

from puzzlesolver.answer.solution import Evidence, Solution, Value
from puzzlesolver.arithmetic.arrays import FloatArray
from puzzlesolver.arithmetic.interval import Interval, middle
from puzzlesolver.exact.outcome import ExactSolution
from puzzlesolver.problem import Problem
from puzzlesolver.proof.boxes.box import Box, Certificate
from puzzlesolver.proof.boxes.krawczyk import refine


def from_exact(problem: Problem, solution: ExactSolution) -> Solution:
    """The solution that the exact engine gives: closed forms, and the algebraic point where they are too long."""
    values = {}
    for symbol in problem.symbols:
        closed = solution.values.get(symbol)
        sample = (solution.sample or {}).get(symbol)
        if closed is not None:
            shown = closed if sample is None else sample
            number = math.nan if shown.free_symbols else float(shown.evalf(20))
            refined = partial(solution.point.interval, symbol) if solution.point is not None else None
            values[str(symbol.name)] = Value(closed, number, refine=refined, sample=sample)
        else:
            assert solution.point is not None, "a solution without a closed form stands in its point"
            refined = partial(solution.point.interval, symbol)
            interval = refined(20)
            values[str(symbol.name)] = Value(None, middle(interval), interval, refined)
    return Solution(
        values=MappingProxyType(values),
        evidence=solution.evidence,
        multiplicity=solution.multiplicity,
        free=solution.free,
        integer_parameters=solution.integer_parameters,
        conditions=solution.conditions,
    )


def from_certificate(problem: Problem, certificate: Certificate) -> Solution:
    """The one solution in a certified box, which is refined to as many digits as are asked for."""
    refinement = _Refinement(problem, certificate)  # one serves every coordinate
    values = {
        str(symbol.name): Value(
            None, middle(certificate.box[symbol]), certificate.box[symbol], partial(refinement.coordinate, symbol)
        )
        for symbol in problem.symbols
    }
    return Solution(MappingProxyType(values), Evidence.CERTIFIED, multiplicity=1)


@dataclass(frozen=True, slots=True)
class _Refinement:
    """A certified box at any precision, each worked out once. It travels between processes."""

    problem: Problem
    certificate: Certificate
    boxes: dict[int, Box] = field(default_factory=dict)

    def coordinate(self, symbol: Symbol, digits: int) -> Interval:
        if digits not in self.boxes:
            self.boxes[digits] = refine(self.problem, self.certificate, digits)
        return self.boxes[digits][symbol]


def from_point(problem: Problem, point: FloatArray) -> Solution:
    """A point at which the residual is small, and nothing more."""
    values = {unknown.name: Value(None, float(number)) for unknown, number in zip(problem.unknowns, point, strict=True)}
    return Solution(MappingProxyType(values), Evidence.NUMERIC)
