"""Budgets of steps: the same count on every machine, nested, and given back whatever happens inside."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn

import pytest
from sympy import Symbol, solve, symbols

from puzzlesolver.analysis.classify import analyse
from puzzlesolver.answer.reasons import Why
from puzzlesolver.exact import engine, limits
from puzzlesolver.exact.engine import solve_exactly
from puzzlesolver.exact.outcome import ExactOutcome
from puzzlesolver.exact.reductions import angles
from puzzlesolver.exact.steps import Exhausted, Steps, forget
from puzzlesolver.exact.whole.finite import solver as finite
from puzzlesolver.exact.whole.finite import whole_ranges
from puzzlesolver.language import parse
from puzzlesolver.problem.unroll import unroll


def _for_ever() -> NoReturn:
    while True:
        (lambda: None)()


def test_a_budget_inside_another_does_not_switch_it_off() -> None:
    with pytest.raises(Exhausted), Steps(1000):
        with Steps(10**9):
            pass
        _for_ever()
    with pytest.raises(Exhausted), Steps(1000), Steps(10**9):
        _for_ever()
    with Steps(10**9):
        with pytest.raises(Exhausted), Steps(1000):
            _for_ever()
        (lambda: None)()
    assert sys.getprofile() is None


def test_a_budget_that_ends_at_its_own_end_leaves_nothing_behind() -> None:
    for most in range(6):
        try:
            with Steps(most):
                (lambda: (lambda: None)())()
        except Exhausted:
            assert most < 2
        assert sys.getprofile() is None and not Steps._ends


def test_code_that_catches_everything_does_not_swallow_the_end() -> None:
    def swallow(run: Callable[[], None]) -> None:
        while True:
            try:
                run()
            except Exception:
                pass

    with pytest.raises(Exhausted), Steps(1000):
        swallow(lambda: None)


def test_the_same_work_takes_the_same_steps_whatever_was_solved_before() -> None:
    x, y = symbols("x y", real=True)

    def steps(unknowns: tuple[Symbol, ...]) -> int:
        forget()
        before = Steps._taken
        with Steps(10**9):
            solve([x**2 + y**2 - 5, x * y - 2], unknowns, dict=True)
        return Steps._taken - before

    steps((x, y))  # imports
    first = steps((x, y))
    solve([x**2 - y - 1, y + x - 5], (x, y), dict=True)
    assert steps((x, y)) == first > 1000


def test_imports_are_not_counted() -> None:
    name = "sympy.physics.quantum.grover"
    assert name not in sys.modules
    before = Steps._taken
    with Steps(100):
        __import__(name)
    assert Steps._taken - before < 100


CIRCLES = "x^2 + y^2 = 1\nx = y*z\nx^2 + y^2 = 2\nz^2 + x = 3\nx*y*z > -10"


def _outcome(text: str) -> ExactOutcome:
    problem = unroll(parse(text))
    return solve_exactly(problem, analyse(problem), 100, math.inf)


def test_lines_that_steps_do_not_suffice_to_spare_are_named_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "x^2 + y^2 = 1\nx = y*z\nx > 1\nz^2 + x = 3\ny*z > -10"
    assert not _outcome(text).reasons
    monkeypatch.setattr(limits, "CONFLICT_STEPS", 100)
    found = _outcome(text)
    assert found.complete and len(found.conflict) == 5
    assert [reason.why for reason in found.reasons] == [Why.LINES_NOT_SPARED]


def test_a_reduction_out_of_steps_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "sin(x) + cos(y) = 1/2\ncos(x)*sin(y) = 1/4"
    methods = [replace(one, steps=100) if one is angles.ANGLES else one for one in engine.METHODS]
    monkeypatch.setattr(engine, "METHODS", methods)
    monkeypatch.setattr(engine, "AFTERWARDS", ())
    found = _outcome(text)
    assert not found.complete
    assert Why.NOT_WITHIN_STEPS in [reason.why for reason in found.reasons]


def test_a_conflict_of_whole_numbers_that_is_not_looked_at_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "x, y, z in 1..2\nx != y\ny != z\nx != z\nx + y < 9"
    assert len(_outcome(text).conflict) == 3 and not _outcome(text).reasons
    monkeypatch.setattr(limits, "CONFLICT_STATEMENTS", 2)
    found = _outcome(text)
    assert found.complete and len(found.conflict) == 4
    assert [reason.why for reason in found.reasons] == [Why.UNFINISHED_LINES]


def test_a_search_of_whole_numbers_out_of_work_says_so() -> None:
    problem = unroll(parse("x, y, z in -90..90\nx^3 + y^3 + z^3 = 42"))
    values = whole_ranges(problem)
    assert values is not None
    found = finite.solve_finite(problem, values, 100, math.inf, work=1e-6)
    assert not found.complete and [reason.why for reason in found.reasons] == [Why.UNFINISHED_WORK]


def test_what_is_found_before_the_deadline_is_kept() -> None:
    problem = unroll(parse(CIRCLES))
    first, *_, last = engine.outcomes(problem, analyse(problem), 100, math.inf)
    assert first.complete and last.complete and set(last.conflict) <= set(first.conflict)
