"""Explanations: every step is sound, the chains come to the same solutions as the solver, and the words say why."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import ROOT
from sympy import Integer

from puzzlesolver import explain, load, parse
from puzzlesolver.answer.solution import Status
from puzzlesolver.cli import execute
from puzzlesolver.deduction import Chain, Ending, Explanation, Step, answer_of, explain_problem
from puzzlesolver.deduction.linear import base_of, columns_of
from puzzlesolver.exact.whole.finite import solve_finite, whole_ranges
from puzzlesolver.problem import Domain, Problem, Unknown
from puzzlesolver.problem.unroll import unroll
from puzzlesolver.solving.worker import get_worker

EXAMPLES = ROOT / "examples"
NAMES = ("chickens", "crossmath", "cryptarithm-line", "magic-square", "sendmore", "sudoku", "word-grid")

Solution = Mapping[str, Fraction]

QUEENS = """x[1..6] in 1..6
all different: x
all different: x[1] + 1, x[2] + 2, x[3] + 3, x[4] + 4, x[5] + 5, x[6] + 6
for i in 1..6, j in 1..6 if i < j: x[i] - x[j] != i - j
x[1] = 2
"""
LATIN = """x[1..4, 1..4] in 1..4
for i in 1..4: all different: x[i, 1..4]
for j in 1..4: all different: x[1..4, j]
table x
  1 . . {}
  . 2 . .
  . . 3 .
  . . . .
"""


def with_carries(problem: Problem) -> Problem:
    """The same with what is carried between columns as unknowns: the columns' equations beside the sums."""
    values = whole_ranges(problem)
    assert values is not None
    domains = {symbol: tuple(map(int, some)) for symbol, some in values.items() if isinstance(some, range)}
    base = base_of(domains) if len(domains) == len(values) else None
    taken = [unknown.name for unknown in problem.unknowns]
    unknowns, equations = list(problem.unknowns), list(problem.equations)
    for equation in problem.equations if base is not None else ():
        symbols = equation.lhs.free_symbols | equation.rhs.free_symbols
        own = {symbol: some for symbol, some in domains.items() if symbol in symbols}
        columns = columns_of(equation, own, base or 0, taken)
        for symbol, some in columns.carries.items() if columns else ():
            domain = Domain(True, Integer(some[0]), Integer(some[-1]), False, False)
            unknowns.append(Unknown(symbol, domain))
            taken.append(str(symbol))
        equations += [column.equation for column in columns.columns] if columns else []
    return replace(problem, unknowns=tuple(unknowns), equations=tuple(equations))


def solutions_of(problem: Problem) -> list[Solution]:
    """All of them, by CP-SAT."""
    plain = with_carries(unroll(problem))
    values = whole_ranges(plain)
    assert values is not None
    # in a process of its own: OR-Tools and TensorFlow in one process can crash each other
    task = get_worker("finite").submit(solve_finite, plain, values, 10_000, time.monotonic() + 60)
    outcome = task.result(time.monotonic() + 90)
    assert outcome.done and outcome.value.complete, outcome.reason
    return [{str(name): Fraction(str(value)) for name, value in one.values.items()} for one in outcome.value.solutions]


def chain_of(explanation: Explanation) -> Chain:
    assert explanation.chain is not None
    return explanation.chain


def check(chain: Chain, solutions: list[Solution]) -> None:
    """No step rules out what one of the solutions has; what is supposed restricts them."""
    for step in chain.steps:
        for change in (*step.changes, *step.excluded):
            if solutions and change.name in solutions[0]:
                assert not any(one[change.name] in change.removed for one in solutions), step.text
        if step.supposed is not None:
            (supposed,) = step.changes[0].removed
            check(step.supposed, [one for one in solutions if one[step.changes[0].name] == supposed])
    match chain.ending:
        case Ending.IMPOSSIBLE:
            assert not solutions
        case Ending.SOLVED:
            assert [{name: one[name] for name in chain.left} for one in solutions] == [
                {name: values[0] for name, values in chain.left.items()}
            ]
        case _:
            for one in solutions:
                assert all(one[name] in values for name, values in chain.left.items())
    for case in chain.cases:
        check(case.chain, [one for one in solutions if one[case.name] == case.value])
    if chain.cases:
        assert all(any(one[case.name] == case.value for case in chain.cases) for one in solutions)


def checked(problem: Problem) -> Explanation:
    """The explanation of a problem, against all its solutions."""
    explanation = explain_problem(problem)
    solutions = solutions_of(problem)
    check(chain_of(explanation), solutions)
    answer = answer_of(explanation)
    if answer is not None:
        assert len(answer) == len(solutions)
        for one in answer:
            found = {name: Fraction(str(value.exact)) for name, value in one.values.items()}
            assert any(found.items() <= dict(solution).items() for solution in solutions)
    return explanation


def steps_of(chain: Chain) -> Iterator[Step]:
    for step in chain.steps:
        yield step
        if step.supposed is not None:
            yield from steps_of(step.supposed)
    for case in chain.cases:
        yield from steps_of(case.chain)


# --- sound ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_are_explained_to_their_end(name: str) -> None:
    """Every step is sound, the solutions are the solver's, and the lines named are lines of the file."""
    path = EXAMPLES / f"{name}.txt"
    explanation = checked(load(path))
    assert answer_of(explanation) is not None
    text = path.read_text(encoding="utf-8").splitlines()
    for step in steps_of(chain_of(explanation)):
        assert all(1 <= line <= len(text) for line in step.lines)


@pytest.mark.parametrize(
    "text",
    [
        QUEENS,
        LATIN.format("."),
        LATIN.format("4"),
        LATIN.format("1"),
        "cryptarithm: TWO + TWO = FOUR",
        "cryptarithm: AB - B = BC",
        "cryptarithm base 5: AB + BA = CCD",
        "cryptarithm\n  A + B = C\n  AB + C = DA and D = 2\n",
        "cryptarithm leading zeros: A + 12 = BA",
        "x, y in 1..9; x/y = 3/2; x mod y = abs(x - y)",
        "x, y in -3..3; max(x, y) = 2; min(x, y) = x*y",
        "x, y in {1/2, 1, 3/2}; x + y = 2; x < y",
        "x, y in 0..6; gcd(x, y) = 3; floor(x/2) = ceil(y/3)",
        "A..C in 0..2; A != B; B != C; A != C; A < C; B != 1",
        "x, y in 0..4; 1/x + 1/y = 1; x >= y",
        "x, y in 0..3; sin(x) = 0; y > x",
        "x in 1..3; 1 = 2",
        "x, y in integer; x > 0; y > 0; 2x + 3y = 20",
    ],
)
def test_puzzles_of_many_kinds_are_explained_soundly(text: str) -> None:
    """Whatever the steps rule out, no solution has."""
    checked(parse(text))


FORMS = (
    "{0} + {1}",
    "{0}*{1}",
    "{0} - {1}",
    "2{0} + {1}",
    "{0} mod ({1} + 4)",
    "abs({0} - {1})",
    "max({0}, {1})",
    "{0}/{1}",
)
sides = st.builds(
    lambda form, one, other: form.format(one, other),
    st.sampled_from(FORMS), st.sampled_from("abcd"), st.sampled_from("abcd"),
)  # fmt: skip
lines = st.one_of(
    st.builds("{} {} {}".format, sides, st.sampled_from(["=", "=", "<=", "!="]), sides),
    st.builds("{} {} {}".format, sides, st.sampled_from(["=", "<"]), st.integers(-2, 6)),
    st.sampled_from(["all different: a, b, c", "all different: a, b, c, d", "all different: a + 1, b, c", "a != b"]),
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(lines, min_size=1, max_size=4), st.integers(-1, 1))
def test_no_step_rules_out_a_solution(statements: list[str], low: int) -> None:
    """Small puzzles drawn at random, each step against the list of all solutions."""
    checked(parse("\n".join([f"a, b, c, d in {low}..{low + 3}", *statements])))


# --- readable ---------------------------------------------------------------------------------------------------------


def test_a_sudoku_takes_one_step_for_each_number() -> None:
    """The values given are one step; every other one is found in one."""
    chain = chain_of(explain_problem(load(EXAMPLES / "sudoku.txt")))
    assert chain.ending is Ending.SOLVED
    assert len(chain.steps) == 1 + 81 - 30
    assert chain.steps[0].text == "30 values are given"
    assert all(len(step.changes) == 1 and len(step.changes[0].left) == 1 for step in chain.steps[1:])


def test_sums_of_words_are_taken_by_columns() -> None:
    """What is carried is found first, from the column that has nothing but it."""
    text = str(explain(load(EXAMPLES / "sendmore.txt")))
    assert "1. line 2: SEND + MORE = MONEY, ten-thousands column: c4 = M, so M = 1 and c4 = 1" in text
    assert "from here on a guess is needed" in text
    assert text.endswith("complete: the steps above")


def test_the_names_of_carries_are_no_unknowns() -> None:
    """A letter that the puzzle uses itself is left to it."""
    explanation = explain("c1, x, y in 0..9; 10 x + y = 10 y + c1 + 11; x + c1 = 7")
    assert "c2" not in {change.name for step in steps_of(chain_of(explanation)) for change in step.changes}


def test_linear_equations_are_combined() -> None:
    """The middle of a magic square follows from eight sums together."""
    chain = chain_of(explain_problem(load(EXAMPLES / "magic-square.txt")))
    assert chain.steps[0].lines == (4, 5, 6, 7)
    assert chain.steps[0].text.endswith("so x[2, 2] = 5")
    solutions = chain.solutions()
    assert solutions is not None and len(solutions) == 8


def test_a_proof_of_none_names_what_is_emptied() -> None:
    """The last step says for which unknown nothing is left."""
    explanation = explain(LATIN.format("1"))
    chain = chain_of(explanation)
    assert chain.ending is Ending.IMPOSSIBLE
    assert chain.steps[-1].text == "all different: x[1, 1..4]: no value is left for x[1, 4]"
    answer = answer_of(explanation)
    assert answer is not None and answer.status is Status.NONE


def test_only_one_place_is_left() -> None:
    """A value that must stand somewhere."""
    chain = chain_of(explain("a, b, c in 1..3\nall different: a, b, c\na > 1\nb > 1"))
    assert "line 2: all different: a, b, c: 1 can only stand in c" in str(
        explain("a, b, c in 1..3\nall different: a, b, c\na > 1\nb > 1")
    )
    assert chain.ending is Ending.CASES


def test_steps_that_are_not_needed_are_left_out() -> None:
    """An inequality that rules something out, and that nothing depends on."""
    text = str(explain("a, b in 1..9\na <= 7\nb <= 8\na = 2\nb = a + 1"))
    assert "line 2" not in text and "line 3" not in text


def test_where_guessing_begins() -> None:
    """Nothing follows, and the split is too wide to be shown: what is left is told."""
    text = str(explain("x[1..8, 1..8] in 1..8\nfor i in 1..8: all different: x[i, 1..8]"))
    assert text.startswith("from here on a guess is needed; what is left:\n  x[1, 1]: 1..8\n")
    assert "… and 24 more unknowns" in text


def test_lines_without_a_rule_are_named() -> None:
    """A sine is not worked out by hand; it is put back in the end."""
    explanation = explain("x in 0..3\ny in 1..1\nsin(x) = 0\nx = y - 1")
    assert explanation.notes == ("not used by the steps, only checked at the end: line 3: sin(x) = 0",)
    assert chain_of(explanation).ending is Ending.SOLVED
    assert chain_of(explain("x in 0..3\nsin(x) = 0\nx = 1")).ending is Ending.IMPOSSIBLE


@pytest.mark.parametrize(
    "text", ["x^2 = 2", "x in 1..oo; x > 3", "solve for x\na*x = 1", "minimize x; x in 1..3", "1 + 1 = ?"]
)
def test_other_puzzles_have_no_steps(text: str) -> None:
    """The reason is told instead."""
    explanation = explain(text)
    assert explanation.chain is None
    assert str(explanation).startswith("no steps: ")


def test_bounds_that_no_line_states_are_told_first() -> None:
    """The steps begin with values that somebody has to have found."""
    explanation = explain("x, y in integer; x > 0; y > 0; 2x + 3y = 12")
    assert explanation.notes[0].startswith("bounds that the lines imply: 0 ≤ x ≤ 6")


def test_what_is_too_large_has_no_steps() -> None:
    """It is no mistake of the writer's."""
    assert explain("x[1..9000] in 0..1\nall different: x[1..2]").chain is None
    assert explain("x in 1..100000; x = 5").chain is None


def test_the_same_puzzle_gives_the_same_words() -> None:
    """Nothing depends on the order of sets."""
    path = EXAMPLES / "word-grid.txt"
    assert str(explain(load(path))) == str(explain(load(path)))


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_explains(capsys: pytest.CaptureFixture[str]) -> None:
    """The steps, then what they prove; the exit status is the answer's."""
    assert execute(["--explain", str(EXAMPLES / "crossmath.txt")]) == 0
    assert " 4. line 12: all different: cells: only 9 is left for r3c2\n" in capsys.readouterr().out
    assert execute(["--explain", "-e", "x in 1..3; x > 5"]) == 1
    assert "no value is left for x" in capsys.readouterr().out
    assert execute(["--explain", "-e", "x = 1/2 + y"]) == 3
    assert capsys.readouterr().out.startswith("no steps: ")
    assert execute(["--explain", "-e", "x + = 3"]) == 2


def test_the_command_explains_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    """One object on one line: steps with their lines, what they rule out and what they leave."""
    assert execute(["--explain", "--json", str(EXAMPLES / "sudoku.txt")]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["status"] == "unique" and found["ending"] == "solved" and len(found["steps"]) == 52
    assert found["steps"][1]["lines"] == [2, 3] and found["steps"][1]["leaves"] == {"x[5, 5]": ["5"]}
