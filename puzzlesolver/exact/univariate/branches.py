"""The forms that inverse functions give for one unknown, held against the whole problem.

In: a problem in one unknown, and `InverseBranch`es among which all its solutions are. Out: a `Part`: the points, and
the families with a whole-number symbol, that are solutions. Where bounds leave finitely many members of a family, these
are listed one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sympy import Expr, Integer, Poly, Pow, Rational, Symbol, cancel, expand, fraction, oo

from puzzlesolver.answer.reasons import LeftOpen, Reason, Why
from puzzlesolver.answer.solution import Evidence
from puzzlesolver.exact import limits
from puzzlesolver.exact.linear.affine_family import Part
from puzzlesolver.exact.outcome import ExactSolution
from puzzlesolver.exact.segment import Segment, segment
from puzzlesolver.exact.simple import shortest
from puzzlesolver.exact.univariate.inversion import InverseBranch
from puzzlesolver.problem import Condition, Problem, Relation
from puzzlesolver.proof import zero
from puzzlesolver.proof.putback import put_back
from puzzlesolver.proof.verdict import Verdict

CLOSE = 8  # So many values that twenty digits do not tell apart are compared with a further one.

FIRST_MEMBERS = tuple(Integer(k) for k in (0, 1, -1, 2, -2, 3, -3))


def solutions_among(problem: Problem, branches: Sequence[InverseBranch]) -> Part:
    """Those branches, or members of branches, that solve the problem."""
    (x,) = problem.symbols
    reasons: dict[Reason, None] = {}
    values: list[Expr] = []
    families: list[tuple[InverseBranch, Segment]] = []
    for branch in branches:
        try:
            for found in _narrowed(problem, x, branch):
                if isinstance(found, tuple):
                    families.append(found)
                else:
                    values.append(found)
        except LeftOpen as gap:
            reasons[gap.reason] = None
    families = _without_contained(families)
    points, undecided_pairs = distinct(values)
    reasons.update(dict.fromkeys(undecided_pairs))
    isolated = [point for point in points if not any(_is_member(point, branch) for branch, _ in families)]
    solutions = [ExactSolution({x: point}, Evidence.EXACT) for point in isolated]
    for branch, where in families:
        solution = _family(problem, x, branch, where)
        if solution is None:
            reasons[Why.NOT_DECIDED_MEMBERS(x, branch.value)] = None
        else:
            solutions.append(solution)
    return Part(tuple(solutions), complete=not reasons, reasons=tuple(reasons))


def _narrowed(problem: Problem, x: Symbol, branch: InverseBranch) -> Iterator[Expr | tuple[InverseBranch, Segment]]:
    """The branch's points that are solutions, or the branch with the range of its parameter."""
    if branch.parameter is None:
        yield from _point(problem, x, shortest(branch.value))
        return
    where = _range(problem, x, branch)
    if where.is_empty:
        return
    low, high = where.whole_ends()
    if low is None or high is None:
        if (low is None and where.low != -oo) or (high is None and where.high != oo):
            raise LeftOpen(Why.PARAMETER_RANGE(branch.parameter))
        yield branch, where.between_whole(low, high)
        return
    if high - low >= limits.MOST_MEMBERS:
        raise LeftOpen(Why.MANY_MEMBERS(high - low + 1, x, branch.value))
    for k in range(low, high + 1):
        yield from _point(problem, x, expand(branch.value.xreplace({branch.parameter: Integer(k)})))


def _range(problem: Problem, x: Symbol, branch: InverseBranch) -> Segment:
    """The values of the parameter that keep the branch's own conditions, the domain and the linear conditions."""
    assert branch.parameter is not None
    needed = (*branch.conditions, *(one for one in problem.demands() if one.relation is not Relation.NOT_EQUAL))
    linear: list[Condition] = []
    for condition in needed:
        put_in = _without_root(condition.at({x: branch.value}), branch.parameter)
        if put_in is None:
            return Segment(branch.parameter, oo, -oo)
        straight = _without_fraction(put_in, branch.parameter)
        if segment(straight, branch.parameter) is not None:
            linear += straight
        elif condition in branch.conditions:
            raise LeftOpen(Why.PARAMETER_RANGE_IN(branch.parameter, x, branch.value))
    found = segment(linear, branch.parameter)
    if found is None:
        raise LeftOpen(Why.PARAMETER_RANGE_IN(branch.parameter, x, branch.value))
    return found


def _without_root(condition: Condition, k: Symbol) -> Condition | None:
    """A bound on the root of an expression in k as one on the expression itself; None where nothing can keep it.

    The root is real, which the branch's own conditions see to. Whatever is of another form stays as it is.
    """
    gap = condition.rhs - condition.lhs
    constant, term = gap.as_independent(k, as_Add=True)
    factor, root = term.as_independent(k, as_Add=False)
    sign = zero.sign(factor) if not factor.free_symbols else None
    if (
        not isinstance(root, Pow)
        or not isinstance(root.exp, Rational)
        or root.exp.p != 1
        or root.exp.q == 1
        or not sign
    ):
        return condition
    end = -constant / factor  # the root is at least this, or at most
    above_zero = zero.sign(end)
    if above_zero is None:
        return condition
    power = root.base - end**root.exp.q if above_zero >= 0 else root.base
    if sign > 0:
        lowest = Relation.AT_MOST if above_zero < 0 else condition.relation
        return Condition(Integer(0), lowest, power, condition.origin)
    if above_zero < 0 or (above_zero == 0 and condition.relation is Relation.LESS):
        return None
    return Condition(power, condition.relation, Integer(0), condition.origin)


def _without_fraction(condition: Condition, k: Symbol) -> list[Condition]:
    """A bound on a quotient of linear functions of k as bounds on k, where these are one interval.

    That the divisor is not zero is a condition of its own. Whatever is of another form stays as it is.
    """
    top, below = fraction(cancel(condition.rhs - condition.lhs))
    product = expand(top * below)
    degrees = [Poly(part, k).degree() if part.is_polynomial(k) else 2 for part in (top, below)]
    if condition.relation is Relation.NOT_EQUAL or not below.has(k) or max(degrees) > 1:
        return [condition]
    if sum(degrees) == 1:
        return [replace(condition, lhs=Integer(0), rhs=product)]
    low, high = (cancel(-part.xreplace({k: Integer(0)}) / part.diff(k)) for part in (top, below))
    order = zero.sign(high - low)
    if zero.sign(product.diff(k, 2)) != -1 or order is None:
        return [condition]
    if order < 0:
        low, high = high, low
    return [replace(condition, lhs=low, rhs=k), replace(condition, lhs=k, rhs=high)]


def _point(problem: Problem, x: Symbol, value: Expr) -> Iterator[Expr]:
    match put_back(problem, {x: value}):
        case Verdict.HOLDS:
            yield value
        case Verdict.UNDECIDED:
            raise LeftOpen(Why.NOT_DECIDED_SOLUTION(x, value))


def distinct(values: Sequence[Expr]) -> tuple[list[Expr], list[Reason]]:
    """The values in increasing order, each once; and reasons about pairs that may be equal or not."""
    reasons: list[Reason] = []
    points: list[Expr] = []
    placed = [(zero.enclosure(value), value) for value in values]
    reasons += [Why.LARGE_VALUE(value) for interval, value in placed if interval is None]
    seen = [(interval, value) for interval, value in placed if interval is not None]
    highest = None
    for (low, high), value in sorted(seen, key=lambda pair: pair[0]):
        if highest is not None and low <= highest:
            same = [zero.is_zero(value - other) for other in reversed(points[-CLOSE:])]
            if Verdict.HOLDS in same:
                continue
            if Verdict.UNDECIDED in same:
                reasons.append(Why.NOT_DECIDED_TWIN(value, points[-1]))
        points.append(value)
        highest = high if highest is None else max(highest, high)
    return points, reasons


# --- families ---------------------------------------------------------------------------------------------------------


def _family(problem: Problem, x: Symbol, branch: InverseBranch, where: Segment) -> ExactSolution | None:
    k = branch.parameter
    assert k is not None
    if put_back(problem, {x: branch.value}, where.conditions()) is not Verdict.HOLDS:
        return None
    for member in (*FIRST_MEMBERS, *(Integer(end) for end in where.whole_ends() if end is not None)):
        sample = {x: branch.value.xreplace({k: member})}
        if put_back(problem, sample) is Verdict.HOLDS:
            return ExactSolution(
                {x: branch.value}, Evidence.EXACT, integer_parameters=(k,), conditions=where.conditions(), sample=sample
            )
    return None


def _without_contained(families: Sequence[tuple[InverseBranch, Segment]]) -> list[tuple[InverseBranch, Segment]]:
    """The families without those whose every member belongs to another one; one symbol serves them all."""
    kept: list[tuple[InverseBranch, Segment]] = []
    first = families[0][0].parameter if families else None
    for number, (branch, where) in enumerate(families):
        later = families[number + 1 :]
        if any(_contains(other, branch) for other, _ in kept):
            continue
        if any(_contains(other, branch) and not _contains(branch, other) for other, _ in later):
            continue
        kept.append((_renamed(branch, first), replace(where, symbol=first)))
    return kept


def _renamed(branch: InverseBranch, symbol: Symbol | None) -> InverseBranch:
    if symbol is None or branch.parameter in (None, symbol):
        return branch
    return replace(branch, value=branch.value.xreplace({branch.parameter: symbol}), parameter=symbol)


def _contains(whole: InverseBranch, part: InverseBranch) -> bool:
    """Whether every member of one family is proved to be one of another; only for those without conditions."""
    one, other = _progression(whole), _progression(part)
    if one is None or other is None or whole.conditions:
        return False
    ratio = cancel(other[1] / one[1])
    return isinstance(ratio, Integer) and _is_whole((other[0] - one[0]) / one[1])


def _is_member(point: Expr, branch: InverseBranch) -> bool:
    found = _progression(branch)
    return found is not None and not branch.conditions and _is_whole((point - found[0]) / found[1])


def _is_whole(number: Expr) -> bool:
    number = cancel(number)
    whole = zero.whole_part(number)
    return whole is not None and zero.is_zero(number - whole) is Verdict.HOLDS


def _progression(branch: InverseBranch) -> tuple[Expr, Expr] | None:
    """Start and step of ``start + step*k``."""
    if branch.parameter is None:
        return None
    start, rest = expand(branch.value).as_independent(branch.parameter, as_Add=True)
    step = cancel(rest / branch.parameter)
    return None if step.free_symbols else (start, step)
