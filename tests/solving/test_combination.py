"""Independent parts put together: nothing lost, nothing added, no parameter mistaken for another one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import mpmath
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Integer, Symbol

import puzzlesolver
from puzzlesolver.analysis.classify import analyse
from puzzlesolver.answer.combination import MOST_COMBINATIONS, combined
from puzzlesolver.answer.reasons import Why
from puzzlesolver.answer.solution import Evidence, Status
from puzzlesolver.exact.engine import solve_exactly
from puzzlesolver.exact.outcome import ExactOutcome, ExactSolution
from puzzlesolver.problem import Condition, Problem, Relation, Unknown, real_symbol
from puzzlesolver.verification.verdicts import Overall

Member = Mapping[str, Any]

# --- whole answers, held against an oracle of their own ---------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """A part of a puzzle, and whether numbers solve it, by mpmath alone."""

    text: str
    solved: Callable[[Member], bool]


def near(one: Any, other: Any) -> bool:
    return bool(abs(one - other) < mpmath.mpf(10) ** -25 * (1 + abs(other)))


PARTS = {
    "sine": Part("sin(x) = 0; x > 1", lambda at: near(mpmath.sin(at["x"]), 0) and at["x"] > 1),
    "cosine": Part("cos(y) = 0; y < -1", lambda at: near(mpmath.cos(at["y"]), 0) and at["y"] < -1),
    "tangent": Part("tan(z) = 1; z > -5", lambda at: near(mpmath.tan(at["z"]), 1) and at["z"] > -5),
    "quotient": Part("sin(1/q) = 0; q > 0", lambda at: near(mpmath.sin(1 / at["q"]), 0) and at["q"] > 0),
    "line": Part(
        "a + pi*b = 5; a >= 0; b > -1",
        lambda at: near(at["a"] + mpmath.pi * at["b"], 5) and at["a"] >= 0 and at["b"] > -1,
    ),
    "circle": Part(
        "u^2 + v^2 = 25; u > 0; v < 4",
        lambda at: near(at["u"] ** 2 + at["v"] ** 2, 25) and at["u"] > 0 and at["v"] < 4,
    ),
    "Pell": Part(
        "s, t in integer; s^2 - 2t^2 = 1; s > 0; t > 0",
        lambda at: (
            near(at["s"] ** 2 - 2 * at["t"] ** 2, 1)
            and at["s"] > 0
            and at["t"] > 0
            and all(near(at[name], mpmath.nint(at[name])) for name in "st")
        ),
    ),
    "a name like a parameter's": Part("k^2 = 2; k > 0", lambda at: near(at["k"] ** 2, 2) and at["k"] > 0),
}
PAIRS = [
    ("sine", "cosine"),
    ("sine", "tangent"),
    ("cosine", "quotient"),
    ("sine", "line"),
    ("sine", "circle"),
    ("cosine", "Pell"),
    ("line", "Pell"),
    ("sine", "a name like a parameter's"),
]


@pytest.mark.parametrize(("first", "second"), [*PAIRS, *(pair[::-1] for pair in PAIRS)])
@mpmath.workdps(40)
def test_two_families_side_by_side(first: str, second: str) -> None:
    """Every member that the printed answer admits solves both parts, and the answer's own check refuses nothing."""
    parts = [PARTS[first], PARTS[second]]
    problem = puzzlesolver.parse("; ".join(part.text for part in parts))
    answer = puzzlesolver.solve(problem, method="exact", time_limit=60)
    assert answer.status is Status.INFINITE and answer.complete
    printed = json.loads(answer.to_json())
    for solution, written in zip(answer, printed["solutions"], strict=True):
        names = [*written["free"], *written["integer_parameters"]]
        own = [name for name in names if written["values"].get(name, {}).get("exact") == name]
        assert len(set(names)) == len(names)
        assert not set(names).difference(own) & written["values"].keys()
        sample = {
            name: value.exact if value.sample is None else value.sample for name, value in solution.values.items()
        }
        assert all(part.solved({name: number(value) for name, value in sample.items()}) for part in parts)
        members = list(admitted(written))
        assert len(members) > 3
        assert all(part.solved(member) for member in members for part in parts), written
    assert puzzlesolver.verify(problem, answer.to_json(), seconds=10).overall is not Overall.REFUSED


def number(value: sympy.Expr) -> Any:
    return mpmath.mpf(str(sympy.N(value, 40)))


def admitted(written: Mapping[str, Any]) -> Iterator[Member]:
    """Some members of a component as JSON has it, for parameter values that its conditions admit."""
    scales = [[sympy.Rational(i, 2) for i in range(-9, 10)]] * len(written["free"])
    scales += [[Integer(i) for i in range(-5, 6)]] * len(written["integer_parameters"])
    names = [*written["free"], *written["integer_parameters"]]
    for numbers in product(*scales):
        at = dict(zip(names, numbers, strict=True))
        if all(fulfilled(condition, at) for condition in written["conditions"]):
            place = {name: sympy.Symbol(name) for name in names}
            values = {name: sympy.sympify(v["exact"], locals=place) for name, v in written["values"].items()}
            yield {
                name: number(value.subs({place[name]: number for name, number in at.items()}))
                for name, value in values.items()
            }


def fulfilled(condition: str, at: Mapping[str, sympy.Expr]) -> bool:
    """A chain of comparisons, read by this test itself: ``3 - 2pi < y <= 5``."""
    sides = re.split(r"(<=|>=|!=|<|>)", condition)
    numbers = [
        sympy.sympify(re.sub(r"(?<=\d)(?=[a-z(])", "*", side.replace("^", "**"))).subs(at) for side in sides[::2]
    ]
    compare: Mapping[str, Callable[[Any, Any], bool]] = {
        "<": lambda a, b: bool(a < b),
        "<=": lambda a, b: bool(a <= b),
        ">": lambda a, b: bool(a > b),
        ">=": lambda a, b: bool(a >= b),
        "!=": lambda a, b: bool(a != b),
    }
    return all(compare[sign](a, b) for sign, a, b in zip(sides[1::2], numbers, numbers[1:], strict=False))


def test_the_engine_alone_keeps_parts_apart_too() -> None:
    """The blocks inside the engine, a root without a closed form beside a family among them."""
    problem = puzzlesolver.parse("sin(x) = 0; x > 1; y^4 - w^3 = 5; w^4 + y*w = 3; y > 0; w > 0; cos(z) = 0; z < -1")
    outcome = solve_exactly(problem, analyse(problem), 100, float("inf"))
    (found,) = outcome.solutions
    assert outcome.complete and found.point is not None and len(set(found.integer_parameters)) == 2
    x, z = real_symbol("x"), real_symbol("z")
    ranges = {one.symbols.pop() for one in found.conditions}
    assert ranges == set(found.integer_parameters)
    assert found.values[x].free_symbols != found.values[z].free_symbols


@pytest.mark.parametrize(
    "text", ["k + x = 5; sin(x) = 0", "k = 3; sin(x*k) = 0; cos(x) = 1", "x^2 = k; cos(k) = 0; k > 9"]
)
def test_no_parameter_is_called_like_an_unknown(text: str) -> None:
    """An unknown that is taken out first has its name for itself: ``k = 5 - pi*k`` says nothing."""
    answer = puzzlesolver.solve(text, method="exact", time_limit=60)
    assert answer.complete and len(answer)
    for solution in answer:
        assert solution.integer_parameters
        assert not {str(symbol.name) for symbol in solution.parameters} & solution.values.keys()


# --- the combination itself -------------------------------------------------------------------------------------------

WINDOW = range(-3, 4)
NAMES = ("k", "m", "x", "y", "z")


@dataclass(frozen=True)
class Progression:
    """``start + step*parameter`` for the whole numbers from `low` on, or up to it."""

    start: int
    step: int
    low: int
    upwards: bool
    parameter: str

    def members(self) -> set[int]:
        kept = (k for k in WINDOW if (k >= self.low if self.upwards else k <= self.low))
        return {self.start + self.step * k for k in kept}

    def component(self, unknown: Symbol) -> ExactSolution:
        k = Symbol(self.parameter, integer=True)
        ends = (Integer(self.low), k) if self.upwards else (k, Integer(self.low))
        return ExactSolution(
            {unknown: self.start + self.step * k},
            Evidence.EXACT,
            multiplicity=2,
            integer_parameters=(k,),
            conditions=(Condition(ends[0], Relation.AT_MOST, ends[1]),),
            sample={unknown: Integer(self.start + self.step * self.low)},
        )


progressions = st.builds(
    Progression,
    st.integers(-5, 5),
    st.integers(1, 4),
    st.integers(-3, 3),
    st.booleans(),
    st.sampled_from(NAMES),
)


def points_of(outcome: Sequence[ExactSolution], unknowns: Sequence[Symbol]) -> list[tuple[int, ...]]:
    found = []
    for component in outcome:
        for numbers in product(WINDOW, repeat=len(component.integer_parameters)):
            at = dict(zip(component.integer_parameters, map(Integer, numbers), strict=True))
            if all((one.rhs - one.lhs).subs(at) >= 0 for one in component.conditions):
                found.append(tuple(int(component.values[symbol].subs(at)) for symbol in unknowns))
    return sorted(found)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(st.lists(progressions, min_size=1, max_size=2), min_size=2, max_size=3), st.randoms())
def test_combination_is_the_product_in_whatever_order(parts: list[list[Progression]], shuffle: Any) -> None:
    unknowns = [real_symbol(name) for name in ("x", "y", "z")[: len(parts)]]
    problem = Problem(tuple(map(Unknown, unknowns)))
    outcomes = [
        ExactOutcome("", tuple(one.component(symbol) for one in part), complete=True, proof="p")
        for symbol, part in zip(unknowns, parts, strict=True)
    ]
    expected = sorted(
        point for choice in product(*parts) for point in product(*(sorted(one.members()) for one in choice))
    )
    mixed = list(outcomes)
    shuffle.shuffle(mixed)
    for order in (outcomes, mixed):
        whole = combined(problem, order)
        assert whole.complete and points_of(whole.solutions, unknowns) == expected
        for component in whole.solutions:
            names = [symbol.name for symbol in component.integer_parameters]
            assert len(set(names)) == len(names) and not set(names) & {symbol.name for symbol in unknowns}
            assert component.multiplicity == 2 ** len(parts)
            assert component.sample is not None and component.sample.keys() == set(unknowns)


def test_a_part_without_solutions_leaves_none() -> None:
    problem = Problem((Unknown(real_symbol("x")), Unknown(real_symbol("y"))))
    nothing = ExactOutcome("", complete=True, proof="impossible")
    undecided = ExactOutcome("", reasons=(Why.TIME_UP(),))
    for parts in ([nothing, undecided], [undecided, nothing]):
        whole = combined(problem, parts)
        assert whole.complete and not whole.solutions and whole.proof == "impossible" and not whole.reasons


def test_too_many_combinations_are_counted_and_not_listed() -> None:
    symbols = [real_symbol(f"x{i}") for i in range(6)]
    problem = Problem(tuple(map(Unknown, symbols)))
    parts = [
        ExactOutcome("", tuple(ExactSolution({s: Integer(i)}, Evidence.EXACT) for i in range(10)), complete=True)
        for s in symbols
    ]
    whole = combined(problem, parts)
    assert 10**6 > MOST_COMBINATIONS and not whole.solutions and not whole.complete
    assert whole.reasons == (Why.UNLISTED_COMBINATIONS(10**6, 6),)
