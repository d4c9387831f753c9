"""One unknown: an equation turned inside out by inverse functions, its solutions held against the other statements.

In: a problem in one unknown. Out: an `ExactOutcome`, or None where no equation can be turned inside out.
"""

from __future__ import annotations

from flint import fmpq

from puzzlesolver.analysis.classify import Analysis, Kind
from puzzlesolver.arithmetic.elimination import Form
from puzzlesolver.exact.linear.affine_family import restrict
from puzzlesolver.exact.linear.parametrisation import Parametrisation
from puzzlesolver.exact.method import Context, Solver
from puzzlesolver.exact.outcome import ExactOutcome
from puzzlesolver.exact.segment import fresh_integers
from puzzlesolver.exact.univariate.branches import solutions_among
from puzzlesolver.exact.univariate.inversion import Everywhere, zeros
from puzzlesolver.exact.univariate.kernels import NotCovered
from puzzlesolver.problem import Problem

METHOD = "inverse functions"


def _solve(problem: Problem, analysis: Analysis, context: Context) -> ExactOutcome | None:
    if len(problem.unknowns) != 1:
        return None
    (x,) = problem.symbols
    trivial = 0
    for equation in problem.equations:
        try:
            branches = zeros(equation.residual, x, fresh_integers(problem.symbols))
        except NotCovered:
            continue
        except Everywhere:
            trivial += 1
            continue
        part = solutions_among(problem, branches)
        return part.outcome(METHOD, f"solved for {x} by inverse functions")
    if trivial < len(problem.equations):
        return None
    everything = Parametrisation((x,), (Form(fmpq(0), {0: fmpq(1)}),), (x,))
    return restrict(problem, everything).outcome("identities", "the equations are identities")


INVERSE_FUNCTIONS = Solver(METHOD, (Kind.TRANSCENDENTAL,), _solve)
