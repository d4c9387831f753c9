"""Points of which nothing is proved stand apart, and members of a family are not listed beside it."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Expr, Integer, Rational, Symbol, exp, log, pi, sqrt

import puzzlesolver
from puzzlesolver.answer.solution import Evidence, SolutionSet, Status
from puzzlesolver.exact.outcome import ExactSolution
from puzzlesolver.problem import Problem, Unknown, real_symbol
from puzzlesolver.solving.combination import combine
from puzzlesolver.solving.membership import on_family

X, K = real_symbol("x"), Symbol("k", integer=True)


@pytest.mark.parametrize(
    ("text", "roots"),
    [
        ("sin(x)/x = 1", []),
        ("(1 - cos(x))/x^2 = 1/2", []),
        ("x/sin(x) = cos(x)", []),
        ("(100 - t)/log(100/t) = 2t", [28.4668137]),
        ("tan(x) = x; 0 < x; x < 5", [4.493409458]),
    ],
)
def test_holes_and_edges_are_neither_solutions_nor_candidates(text: str, roots: list[float]) -> None:
    """Where a denominator, or a logarithm's argument, tends to zero, a small residual means nothing."""
    answer = puzzlesolver.solve(text, time_limit=10)
    (name,) = (unknown.name for unknown in answer.problem.unknowns)
    assert [solution[name].approximation for solution in answer] == pytest.approx(roots)
    assert not answer.candidates


@pytest.mark.parametrize("text", ["erf(x) = 1", "gamma(x) = 0"])
def test_rounding_noise_is_no_solution(text: str) -> None:
    """What float64 cannot tell from zero is at most a candidate, and the headline says that nothing is proved."""
    answer = puzzlesolver.solve(text, time_limit=10)
    assert answer.status in (Status.UNDECIDED, Status.NONE) and not answer.solutions
    assert all(candidate.evidence is Evidence.NUMERIC for candidate in answer.candidates)
    assert "real solutions" not in str(answer).splitlines()[0]
    assert len(json.loads(answer.to_json())["candidates"]) == len(answer.candidates)


def test_candidates_of_a_part_are_candidates_of_the_whole() -> None:
    """A point of the whole with one candidate's coordinate in it is a candidate, and the whole is not decided."""
    proved = puzzlesolver.solve("y^2 = 4")
    noise = puzzlesolver.solve("erf(x) = 1", time_limit=10)
    assert noise.candidates
    whole = combine(Problem((Unknown(X), Unknown(real_symbol("y")))), [noise, proved])
    assert whole.status is Status.UNDECIDED and not whole.solutions
    assert len(whole.candidates) == 2 * len(noise.candidates)


@pytest.mark.parametrize(
    "text", ["sin(log(x)) = 0", "sin(sqrt(x)) = 0", "cos(x^2 + 1)^2 + 3y = 0; -y + 4cos(x^2 + 1) = 0"]
)
def test_a_family_stands_without_its_members(text: str) -> None:
    """Points that the search found are members of the family that is listed, and the engines do not disagree."""
    answer: SolutionSet = puzzlesolver.solve(text, time_limit=20)
    assert answer.status is Status.INFINITE and answer.complete
    assert all(solution.integer_parameters for solution in answer)
    assert not answer.candidates


FORMS: dict[str, Expr] = {
    "linear": 2 * pi * K + Rational(1, 3),
    "quotient": (2 * K + 1) / (3 * K - 1),
    "reciprocal": 1 / (pi * K + 1),
    "square": pi**2 * K**2,
    "root": -sqrt(pi * K - 1 + pi / 2),
    "exponential": exp(pi * K / 5),
    "power": 2 ** (K / Integer(3)),
    "logarithm": log(pi * K + 7) * 3,
    "cube root": (5 * K + 1) ** Rational(1, 3),
}


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(sorted(FORMS)), st.integers(0, 20), st.floats(1e-3, 0.3))
def test_members_are_known_by_their_coordinates(name: str, k: int, off: float) -> None:
    """A member is on its family, and a point some way off is not, by an oracle that tries the whole numbers."""
    form = FORMS[name]
    family = ExactSolution({X: form}, Evidence.EXACT, integer_parameters=(K,))
    problem = Problem((Unknown(X),))
    value = float(form.subs(K, k).evalf(17))
    assert on_family(problem, [family], np.array([value]))
    beside = value + off * max(1.0, abs(value))
    members = [complex(form.subs(K, other).evalf(17)) for other in range(-60, 200) if form.subs(K, other).is_finite]
    near = min(abs(beside - member) for member in members if abs(member.imag) < 1e-9)
    if near > 1e-4 * max(1.0, abs(beside)) and math.isfinite(beside):
        assert not on_family(problem, [family], np.array([beside]))
