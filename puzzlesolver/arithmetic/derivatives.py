"""Partial derivatives of the nodes of a `Dag`, for mean-value enclosures over boxes.

In: a `Dag` and a node. Out: the nodes of its partial derivatives, written into the same list.

What is written is the derivative (Clarke's generalised one at the kinks of Abs, Min and Max) wherever the function is
defined and Lipschitz on the whole box; everywhere else evaluating it over the box gives something infinite or
undefined, never a finite enclosure. That holds node by node: each rule divides by what vanishes where its function
ends, or adds a `FLAT` or `SLIT` node that is unbounded at a jump.
"""

from __future__ import annotations

from fractions import Fraction

from puzzlesolver.arithmetic.dag import Dag, Op


def gradient(dag: Dag, node: int) -> dict[int, int]:
    """The nodes of the partial derivatives of a node, by the number of the variable; those missing are zero."""
    stack = [node]
    while stack:
        top = stack[-1]
        missing = [arg for arg in dag.args[top] if arg not in dag.gradients]
        if missing and top not in dag.gradients:
            stack.extend(missing)
            continue
        stack.pop()
        if top not in dag.gradients:
            dag.gradients[top] = _differentiated(dag, top)
    return dag.gradients[node]


def _differentiated(dag: Dag, node: int) -> dict[int, int]:
    op, args = dag.ops[node], dag.args[node]
    if op is Op.VARIABLE:
        return {int(dag.values[node]): dag.constant(1)}
    inner = [dag.gradients[arg] for arg in args]
    variables = sorted(set().union(*inner))
    if not variables:
        return {}
    zero = dag.constant(0)
    if op in (Op.MIN, Op.MAX):
        lesser, greater = inner if op is Op.MIN else inner[::-1]
        return {k: dag.apply(Op.CHOOSE, *args, lesser.get(k, zero), greater.get(k, zero)) for k in variables}
    partials = _partials(dag, node)
    result: dict[int, int] = {}
    for k in variables:
        terms = [
            dag.apply(Op.MULTIPLY, outer, part[k])
            for outer, part in zip(partials, inner, strict=True)
            if k in part and dag.constant_value(outer) != 0
        ]
        if terms:
            result[k] = dag.combined(Op.ADD, terms)
    return result


def _partials(dag: Dag, node: int) -> list[int]:
    """The derivatives of a node by each of its arguments."""
    op, args, value = dag.ops[node], dag.args[node], dag.values[node]
    apply, constant = dag.apply, dag.constant
    one = constant(1)
    u = args[0]
    v = args[-1]

    def over(top: int, bottom: int) -> int:
        return apply(Op.DIVIDE, top, bottom)

    match op:
        case Op.ADD:
            return [one, one]
        case Op.SUBTRACT:
            return [one, constant(-1)]
        case Op.MULTIPLY:
            return [v, u]
        case Op.DIVIDE:
            return [over(one, v), apply(Op.NEGATE, over(node, v))]
        case Op.SCALE:
            return [constant(value)]
        case Op.NEGATE:
            return [constant(-1)]
        case Op.POWER:
            return [dag.scaled(Fraction(value), dag.power(u, int(value) - 1))]
        case Op.SQRT:
            return [dag.scaled(Fraction(1, 2), over(one, node))]
        case Op.ROOT_POWER:
            return [dag.scaled(Fraction(value), over(node, u))]
        case Op.ODD_ROOT:
            return [dag.scaled(Fraction(1, value), over(one, dag.power(node, int(value) - 1)))]
        case Op.GENERAL_POWER:
            return [apply(Op.MULTIPLY, v, over(node, u)), apply(Op.MULTIPLY, apply(Op.LOG, u), node)]
        case Op.EXP:
            return [node]
        case Op.LOG:
            return [over(one, u)]
        case Op.SIN:
            return [apply(Op.COS, u)]
        case Op.COS:
            return [apply(Op.NEGATE, apply(Op.SIN, u))]
        case Op.TAN:
            return [apply(Op.ADD, one, dag.power(node, 2))]
        case Op.ASIN | Op.ACOS:
            slope = over(one, apply(Op.SQRT, apply(Op.SUBTRACT, one, dag.power(u, 2))))
            return [slope if op is Op.ASIN else apply(Op.NEGATE, slope)]
        case Op.ATAN:
            return [over(one, apply(Op.ADD, one, dag.power(u, 2)))]
        case Op.ATAN2:
            square = apply(Op.ADD, dag.power(u, 2), dag.power(v, 2))
            slit = apply(Op.SLIT, u, v)
            return [
                apply(Op.ADD, over(v, square), slit),
                apply(Op.SUBTRACT, slit, over(u, square)),
            ]
        case Op.SINH:
            return [apply(Op.COSH, u)]
        case Op.COSH:
            return [apply(Op.SINH, u)]
        case Op.TANH:
            return [apply(Op.SUBTRACT, one, dag.power(node, 2))]
        case Op.ABS:
            return [apply(Op.SIGN, u)]
        case Op.SIGN:
            return [apply(Op.STEP, u)]
        case Op.FLOOR:
            return [apply(Op.FLAT, u)]
        case Op.ERF:
            bell = apply(Op.EXP, apply(Op.NEGATE, dag.power(u, 2)))
            return [over(dag.scaled(Fraction(2), bell), apply(Op.SQRT, dag.apply(Op.PI)))]
        case Op.GAMMA:
            return [apply(Op.MULTIPLY, node, apply(Op.DIGAMMA, u))]
        case Op.LAMBERT_W:
            return [over(one, apply(Op.MULTIPLY, apply(Op.EXP, node), apply(Op.ADD, one, node)))]
    return [dag.apply(Op.UNKNOWN, value=len(dag)) for _ in args]
