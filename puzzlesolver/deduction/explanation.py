"""From a puzzle to its explanation: a chain of deductions that a person can follow.

In: a `Problem`. Out: an `Explanation`. Nothing is taken from a solver: every step follows from the lines that it
names, and what comes out at the end is put back into the puzzle as written.
"""

from __future__ import annotations

from fractions import Fraction

from sympy import Rational

from puzzlesolver.answer.reasons import Why
from puzzlesolver.answer.solution import Evidence, Solution, SolutionSet, Status, Value
from puzzlesolver.deduction.arithmetic import Number, number
from puzzlesolver.deduction.board import Board
from puzzlesolver.deduction.chain import Tries, chain_of
from puzzlesolver.deduction.rulebook import Rulebook, rulebook
from puzzlesolver.deduction.steps import Case, Chain, Domains, Ending, Explanation, Step
from puzzlesolver.errors import NotSupported
from puzzlesolver.exact.whole.finite import is_finite, whole_ranges
from puzzlesolver.problem import Problem
from puzzlesolver.problem.unroll import unroll
from puzzlesolver.proof.putback import put_back
from puzzlesolver.proof.verdict import Verdict

MOST_VALUES = 20_000  # Values of all unknowns together that the steps go through.
LONGEST_SPLIT = 120  # Steps in the cases of a split; of more, only what is left is told.
MOST_UNROLLED = 5_000


def explain_problem(problem: Problem) -> Explanation:
    """The chain of deductions, with suppositions and cases where there is none."""
    try:
        plain = unroll(problem, MOST_UNROLLED)
    except NotSupported as error:
        return Explanation(problem, None, Why.OUT_OF_SCOPE(error.diagnostics[0].message))
    if plain.fit is not None or plain.objective is not None or plain.targets is not None or not plain.unknowns:
        return Explanation(problem, None, Why.NO_STEPS())
    ranges = whole_ranges(plain)
    if ranges is None:
        return Explanation(problem, None, Why.STEPS_NEED_FINITE())
    if sum(map(len, ranges.values())) > MOST_VALUES:
        return Explanation(problem, None, Why.MANY_VALUES(MOST_VALUES))
    domains = {symbol: tuple(number(Fraction(value)) for value in values) for symbol, values in ranges.items()}
    book = rulebook(plain, domains)
    board = Board(book.domains, book.rules, book.groups)
    board.announce(book.numbers)
    given = _given(board, book) or [
        Step((unknown.origin,), f"no value is left for {unknown.name}")
        for unknown in plain.unknowns
        if not domains[unknown.symbol]
    ]
    chain = chain_of(board, Tries())
    if sum(case.chain.length for case in chain.cases) > LONGEST_SPLIT:
        chain = Chain(chain.steps, Ending.STUCK, chain.left)
    names = [unknown.name for unknown in plain.unknowns]
    chain = _checked(plain, Chain((*given, *chain.steps), chain.ending, chain.left, chain.cases), names)
    return Explanation(problem, chain, notes=(*_implied(plain, domains), *book.notes))


def _implied(problem: Problem, domains: Domains) -> list[str]:
    """A note on where the steps begin, for unknowns whose bounds are stated by no line of their own."""
    found = [
        f"{values[0]} ≤ {unknown.name} ≤ {values[-1]}"
        for unknown in problem.unknowns
        if not is_finite(unknown.domain) and (values := domains[unknown.symbol])
    ]
    return [f"bounds that the lines imply: {', '.join(found)}"] if found else []


def answer_of(explanation: Explanation) -> SolutionSet | None:
    """What the steps prove; None where they do not come to an end."""
    found = explanation.chain.solutions() if explanation.chain is not None else None
    if found is None:
        return None
    points = sorted(found, key=lambda point: list(point.values()))
    solutions = tuple(
        Solution({name: Value(_rational(value), float(value)) for name, value in point.items()}, Evidence.EXACT)
        for point in points
    )
    status = Status.FINITE if len(points) > 1 else Status.UNIQUE if points else Status.NONE
    return SolutionSet(explanation.problem, status, solutions, complete=True, proof="the steps above")


def _given(board: Board, book: Rulebook) -> list[Step]:
    """The values that are given, as one step."""
    if not book.given:
        return []
    origins = tuple(origin for _, origin in book.given.values())
    changes = board.narrow({symbol: (value,) for symbol, (value, _) in book.given.items()})
    excluded = board.announce(book.given)
    return [Step(origins, f"{len(book.given)} values are given", changes, excluded)]


def _checked(problem: Problem, chain: Chain, names: list[str]) -> Chain:
    """The chain with the puzzle's own unknowns alone at its ends; solved only where that solves the puzzle as written.

    A line that no rule is made of is looked at here for the first time: it may refute what the others lead to.
    """
    cases = tuple(Case(case.name, case.value, _checked(problem, case.chain, names)) for case in chain.cases)
    left = {name: chain.left[name] for name in names}
    ending, steps = chain.ending, chain.steps
    if ending is Ending.SOLVED:
        point = {unknown.symbol: _rational(left[unknown.name][0]) for unknown in problem.unknowns}
        match put_back(problem, point):
            case Verdict.FAILS:
                ending, steps = Ending.IMPOSSIBLE, (*steps, Step((), "put back, these values do not solve the puzzle"))
            case Verdict.UNDECIDED:
                ending = Ending.STUCK
    return Chain(steps, ending, left, cases)


def _rational(value: Number) -> Rational:
    return Rational(value.numerator, value.denominator)
