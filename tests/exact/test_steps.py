"""Budgets of steps: the same count on every machine, nested, and given back whatever happens inside."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import NoReturn

import pytest
from sympy import Symbol, solve, symbols

from puzzlesolver.exact.steps import Exhausted, Steps, forget


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
