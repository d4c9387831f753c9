"""Whether the parts of an answer agree with each other, and what it says of the puzzle's own lines."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from sympy import Rational

from puzzlesolver.problem import Problem
from puzzlesolver.verification.affine import Affine, Row, solve_rows
from puzzlesolver.verification.blocks import blocks_of
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.claims import ClaimedAnswer
from puzzlesolver.verification.closed_forms import NotAClosedForm, NotUnderstood, Reader
from puzzlesolver.verification.completeness import complete
from puzzlesolver.verification.entries import affine_form
from puzzlesolver.verification.statements import Item, Statements
from puzzlesolver.verification.verdicts import Check, Verdict


def check_status(problem: Problem, statements: Statements, answer: ClaimedAnswer) -> Check:
    """Whether status, completeness, dimension and names fit the solutions."""
    wrong = _status_mistake(problem, answer) or _shape_mistake(problem, statements, answer)
    if wrong:
        return Check("status", Verdict.FAILS, wrong)
    if answer.status == "undecided":
        return Check("status", Verdict.NOT_REPROVED, "undecided: the answer claims nothing that could be proved")
    if answer.status == "infinite" and not any(solution.parameters for solution in answer.solutions):
        return Check("status", Verdict.NOT_REPROVED, "that there are infinitely many was not proved again")
    return Check("status", Verdict.HOLDS, f"'{answer.status}' fits the solutions")


def _status_mistake(problem: Problem, answer: ClaimedAnswer) -> str:
    count = len(answer.solutions)
    families = any(solution.parameters for solution in answer.solutions)
    seeks_best = problem.fit is not None or problem.objective is not None
    if seeks_best and answer.status not in ("best fit", "undecided", "none", "infinite"):
        return f"'{answer.status}' is no answer to a search for the best"
    match answer.status:
        case "unique" if count != 1 or families or not answer.complete:
            return "'unique' means one solution and a complete list"
        case "finite" if not count or families:
            return "'finite' means solutions without parameters"
        case "finite" if count == 1 and answer.complete:
            return "one solution in a complete list is 'unique'"
        case "infinite" if answer.complete and not families:
            return "'infinite' and complete means a family"
        case "none" if count or not answer.complete:
            return "'none' means a complete list without solutions"
        case "best fit" if not seeks_best or not count:
            return "'best fit' means a fit, and an estimate"
        case "answered" if count or problem.unknowns or problem.arrays:
            return "'answered' means that nothing but values was asked for"
        case "undecided" if answer.complete or count:
            return "'undecided' means that nothing is known"
    return ""


def _shape_mistake(problem: Problem, statements: Statements, answer: ClaimedAnswer) -> str:
    names = {str(symbol.name) for symbol in statements.symbols}
    if not set(answer.unknowns) <= names or len(set(answer.unknowns)) != len(answer.unknowns):
        return "'unknowns' holds other names than the puzzle"
    if not {unknown.name for unknown in problem.unknowns} <= set(answer.unknowns):
        return "'unknowns' lacks some of the puzzle's"
    largest = max((solution.dimension for solution in answer.solutions), default=0)
    if answer.dimension != largest:
        return f"the dimension is given as {answer.dimension}, and that of the solutions is {largest}"
    free = {name for solution in answer.solutions for name in solution.free}
    if set(answer.free) != free:
        return "'free' does not hold the free unknowns of the solutions"
    return ""


# --- lines ------------------------------------------------------------------------------------------------------------


def check_lines(statements: Statements, answer: ClaimedAnswer, budget: Budget) -> list[Check]:
    """Whether the lines of a conflict contradict each other, and the redundant ones follow from the others."""
    checks = []
    if answer.conflict is not None:
        checks.append(_conflict(statements, answer, budget))
        if answer.compromise:
            checks.append(_compromise(statements, answer, budget))
    if answer.redundant:
        checks.append(_redundant(statements, answer, budget))
    return checks


def _named(statements: Statements, lines: Sequence[tuple[int | None, str]]) -> Statements | None:
    """Some lines' equations, inequalities and differences; None where a line is none of the puzzle's."""
    if not all(any(_is_line(item, line) for item in statements.items) for line in lines):
        return None
    items = [item for item in statements.items if any(_is_line(item, line) for line in lines)]
    return Statements.of(statements.unknowns, items)


def _is_line(item: Item, line: tuple[int | None, str]) -> bool:
    """Whether a statement comes from a line of the puzzle."""
    return item.origin.text == line[1] and line[0] in (None, item.origin.line)


def _rows(statements: Statements) -> list[Row] | None:
    """The equations as linear ones; None where one is not."""
    forms = [affine_form(equation.residual, statements.symbols) for equation in statements.equations]
    rows = [Row({j: f for j, f in enumerate(form[0]) if f}, -form[1]) for form in forms if form is not None]
    return rows if len(rows) == len(forms) else None


def _conflict(statements: Statements, answer: ClaimedAnswer, budget: Budget) -> Check:
    subject = "conflict"
    if answer.solutions:
        return Check(subject, Verdict.FAILS, "an answer with solutions has no conflict")
    lines = answer.conflict or ()
    named = _named(statements, lines)
    if not lines or named is None:
        return Check(subject, Verdict.FAILS, "its lines are not lines of the puzzle")
    blocks, constant = blocks_of(named)
    found = complete(blocks, constant, (), (), budget)
    that = "" if found.verdict is Verdict.HOLDS else "that "
    return Check(subject, found.verdict, f"{that}these lines contradict each other: {found.words}")


def _compromise(statements: Statements, answer: ClaimedAnswer, budget: Budget) -> Check:
    """The least-squares point of the equations, or of the conflict's alone: there the normal equations hold."""
    subject = "compromise"
    point: list[Fraction] = []
    for symbol in statements.symbols:
        value = answer.compromise.get(str(symbol.name))
        try:
            exact = None if value is None or value.exact is None else Reader(()).read(value.exact)
        except (NotAClosedForm, NotUnderstood):
            exact = None
        if not isinstance(exact, Rational):
            return Check(subject, Verdict.NOT_REPROVED, "only rational numbers are checked")
        point.append(Fraction(int(exact.p), int(exact.q)))
    named = _named(statements, answer.conflict or ())
    is_plain = named is not None and len(named.items) == len(named.equations)
    for part in (statements, named if is_plain else None):
        rows = None if part is None else _rows(part)
        if rows is not None and _is_least(rows, point):
            return Check(subject, Verdict.HOLDS, "the normal equations hold there")
    return Check(subject, Verdict.NOT_REPROVED, "the normal equations were not found to hold there")


def _is_least(rows: Sequence[Row], point: Sequence[Fraction]) -> bool:
    slopes = [Fraction(0)] * len(point)
    for row in rows:
        missed = sum((f * point[j] for j, f in row.factors.items()), -row.constant)
        for j, f in row.factors.items():
            slopes[j] += f * missed
    return not any(slopes)


def _redundant(statements: Statements, answer: ClaimedAnswer, budget: Budget) -> Check:
    subject = "redundant"
    rows = _rows(statements)
    whole = None if rows is None else solve_rows(rows, len(statements.symbols), budget)
    if rows is None or whole is None:
        return Check(subject, Verdict.NOT_REPROVED, "only linear lines without contradictions are checked")
    left = list(range(len(rows)))
    for line in answer.redundant:
        own = [n for n in left if _is_line(statements.equations[n], line)]
        spare = [n for n in own if _same_dimension([rows[m] for m in left if m != n], whole, budget)]
        if not spare:
            # A line of a `for` is several equations, and another choice among them might have done.
            verdict = Verdict.FAILS if len(own) < 2 else Verdict.NOT_REPROVED
            return Check(subject, verdict, f"'{line[1][:60]}' was not found to follow from the others")
        left.remove(spare[-1])
    return Check(subject, Verdict.HOLDS, "these lines follow from the others (linear algebra)")


def _same_dimension(rows: Sequence[Row], whole: Affine, budget: Budget) -> bool:
    found = solve_rows(rows, len(whole.offset), budget)
    return found is not None and found.dimension == whole.dimension
