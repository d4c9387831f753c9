"""What a problem says outright, ``w[3] = 5`` of a table or of a line, put in before anything is sought.

In: a problem that asks for what is best. Out: the problem of the other unknowns, in which the known ones are constants;
and its answer made one of the first problem. So a table's entries are never among what is varied.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sympy import Rational, Symbol

from puzzlesolver.answer.solution import Answer, SolutionSet, Value
from puzzlesolver.problem import Problem
from puzzlesolver.problem.notation import notation
from puzzlesolver.proof.putback import put_back, settled
from puzzlesolver.proof.verdict import Verdict

StatedValues = Mapping[Symbol, Rational]


def without_known(problem: Problem) -> tuple[Problem, StatedValues]:
    """The problem of the unknowns whose values are not stated, and the values of the others.

    The problem as it is, and no values, where nothing is stated or nothing left to vary, or where a stated value breaks
    another line.
    """
    known: dict[Symbol, Rational] = {}
    unknowns = set(problem.symbols)
    for equation in problem.equations:
        for symbol, value in ((equation.lhs, equation.rhs), (equation.rhs, equation.lhs)):
            if symbol in unknowns and isinstance(value, Rational):
                known.setdefault(symbol, value)
    if not known or problem.objective is None:
        return problem, {}
    rest, verdict = settled(problem.at(known))
    objective = replace(problem.objective, expression=problem.objective.expression.xreplace(known))
    domains = Problem(unknowns=tuple(unknown for unknown in problem.unknowns if unknown.symbol in known))
    if verdict is not Verdict.HOLDS or put_back(domains, known) is not Verdict.HOLDS:
        return problem, {}
    if not objective.expression.free_symbols & set(rest.symbols):
        return problem, {}
    return replace(rest, objective=objective), known


def with_known(problem: Problem, known: StatedValues, answer: SolutionSet) -> SolutionSet:
    """The answer to the rest as one to the whole problem."""
    assert problem.objective is not None
    stated = {str(symbol.name): Value(value, float(value)) for symbol, value in known.items()}
    solutions = []
    for solution in answer.solutions:
        values = {**solution.values, **stated}
        solutions.append(replace(solution, values={unknown.name: values[unknown.name] for unknown in problem.unknowns}))
    best = None if answer.best is None else Answer(notation(problem.objective.expression), answer.best.value)
    return replace(answer, problem=problem, solutions=tuple(solutions), best=best)
