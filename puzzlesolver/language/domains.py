"""Domains: what `in …` says of its targets."""

from __future__ import annotations

from dataclasses import replace

from sympy import Expr, Integer, Max, Min, ceiling, floor, oo

from puzzlesolver.language import tree
from puzzlesolver.language.expressions import ExpressionBuilder
from puzzlesolver.language.limits import MAX_TERMS
from puzzlesolver.language.mistakes import Mistake, TooMuch
from puzzlesolver.language.scope import Scope
from puzzlesolver.problem import INTEGERS, REALS, Domain


def domain_of(node: tree.DomainNode, builder: ExpressionBuilder, scope: Scope) -> Domain:
    """The domain that a node states; raises `Mistake` where it is empty or not known."""
    match node:
        case tree.WordDomain():
            return INTEGERS if node.word == "integer" else REALS
        case tree.Slice():
            return _whole_numbers(node, builder, scope)
        case tree.IntervalDomain():
            return _interval(node, builder, scope)
        case tree.SetDomain():
            return _members(node, builder, scope)


def _whole_numbers(node: tree.Slice, builder: ExpressionBuilder, scope: Scope) -> Domain:
    low, high = (_end(end, builder, scope) for end in (node.low, node.high))
    for end, value in ((node.low, low), (node.high, high)):
        if not value.is_infinite and not value.is_Integer:
            raise Mistake(end.span, f"'..' goes from whole number to whole number, and this is {value}", "write [a, b]")
    if low > high or (low.is_infinite and low > 0) or (high.is_infinite and high < 0):
        raise Mistake(node.span, f"there is nothing from {low} to {high}", "the smaller number comes first")
    return Domain(True, low, high, bool(low.is_infinite), bool(high.is_infinite))


def _interval(node: tree.IntervalDomain, builder: ExpressionBuilder, scope: Scope) -> Domain:
    low, high = (_end(end, builder, scope) for end in (node.low, node.high))
    low_open, high_open = node.low_open or bool(low.is_infinite), node.high_open or bool(high.is_infinite)
    if (low > high) == True or (low == high and (low_open or high_open or low.is_infinite)):  # noqa: E712
        raise Mistake(node.span, "this interval is empty", "its lower end comes first")
    return Domain(False, low, high, low_open, high_open)


def _end(node: tree.Expression, builder: ExpressionBuilder, scope: Scope) -> Expr:
    return builder.constant(node, "the end of a domain", infinity=True, scope=scope)


def _members(node: tree.SetDomain, builder: ExpressionBuilder, scope: Scope) -> Domain:
    found: list[Expr] = []
    for member in node.members:
        if isinstance(member, tree.Slice):
            whole = _whole_numbers(member, builder, scope)
            if whole.low.is_infinite or whole.high.is_infinite or whole.high - whole.low > MAX_TERMS:
                raise TooMuch(member.span, f"a set has at most {MAX_TERMS} members")
            found.extend(map(Integer, range(int(whole.low), int(whole.high) + 1)))
        else:
            found.append(builder.constant(member, "a member of a set", scope=scope))
    return of_members(found)


def of_members(members: list[Expr]) -> Domain:
    """The domain of exactly these values, at least one."""
    ordered = tuple(sorted(set(members), key=lambda value: (value.evalf(30), str(value))))
    integer = all(value.is_Integer for value in ordered)
    return Domain(integer, ordered[0], ordered[-1], False, False, ordered)


def intersection(first: Domain, second: Domain) -> Domain | None:
    """What lies in both domains; None where nothing does."""
    if first.is_real_line:
        return second
    if second.members is not None and first.members is None:
        first, second = second, first
    if first.members is not None:
        kept = [value for value in first.members if contains(second, value)]
        return of_members(kept) if kept else None
    low, high = Max(first.low, second.low), Min(first.high, second.high)
    joint = Domain(
        first.integer or second.integer,
        low,
        high,
        any(domain.low == low and domain.low_open for domain in (first, second)),
        any(domain.high == high and domain.high_open for domain in (first, second)),
    )
    joint = _whole_ends(joint) if joint.integer else joint
    if joint.low > joint.high or (joint.low == joint.high and (joint.low_open or joint.high_open)):
        return None
    return joint


def _whole_ends(domain: Domain) -> Domain:
    """The same whole numbers, with ends that belong to them."""
    low, high = domain.low, domain.high
    if low.is_finite:
        low = floor(low) + 1 if domain.low_open else ceiling(low)
    if high.is_finite:
        high = ceiling(high) - 1 if domain.high_open else floor(high)
    return replace(domain, low=low, high=high, low_open=low == -oo, high_open=high == oo)


def contains(domain: Domain, value: Expr) -> bool:
    """Whether a known number lies in a domain."""
    if domain.members is not None:
        return value in domain.members
    above = value > domain.low if domain.low_open else value >= domain.low
    below = value < domain.high if domain.high_open else value <= domain.high
    return bool(above) and bool(below) and (not domain.integer or bool(value.is_integer))
