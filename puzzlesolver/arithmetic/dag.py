"""Expressions as one list of simple operations, each on earlier ones: what balls and intervals evaluate.

In: SymPy expressions in real symbols. Out: a `Dag`, in which equal subexpressions are one node, sums and products are
balanced trees of two-place operations, and negative coefficients are subtractions. `derivatives` writes partial
derivatives into the same list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum, auto
from fractions import Fraction

from sympy import Expr, Pow, Rational, Symbol


class Op(Enum):
    """The operations; `Dag.values` holds what stands in brackets."""

    VARIABLE = auto()  # [its number]
    CONSTANT = auto()  # [a Fraction]
    PI = auto()
    ADD = auto()
    SUBTRACT = auto()
    MULTIPLY = auto()
    DIVIDE = auto()
    SCALE = auto()  # [a positive Fraction]
    NEGATE = auto()
    POWER = auto()  # [a whole number >= 2]
    SQRT = auto()
    ROOT_POWER = auto()  # u**(p/q) for u >= 0 [a positive Fraction, not whole]
    ODD_ROOT = auto()  # the real root of any real number [an odd whole number >= 3]
    GENERAL_POWER = auto()
    EXP = auto()
    LOG = auto()
    SIN = auto()
    COS = auto()
    TAN = auto()
    ASIN = auto()
    ACOS = auto()
    ATAN = auto()
    ATAN2 = auto()
    SINH = auto()
    COSH = auto()
    TANH = auto()
    ABS = auto()
    SIGN = auto()
    MIN = auto()
    MAX = auto()
    FLOOR = auto()
    GCD = auto()
    ERF = auto()
    GAMMA = auto()
    DIGAMMA = auto()
    LAMBERT_W = auto()  # [the branch, 0 or -1]
    STEP = auto()  # derivative of SIGN: 0 off the jump
    FLAT = auto()  # derivative of FLOOR: 0 off the jumps
    SLIT = auto()  # 0 where ATAN2 of the same arguments is continuous
    CHOOSE = auto()  # (u, v, a, b): a where u < v, b where u > v, both where undecided
    UNKNOWN = auto()  # nothing is known of its value


PLAIN_FUNCTIONS = {
    name: Op[name.upper()]
    for name in "exp log sin cos tan asin acos atan sinh cosh tanh Abs sign floor erf gamma".split()
}
"""Functions of one argument, by SymPy's name of them."""

COMMUTATIVE = frozenset((Op.ADD, Op.MULTIPLY, Op.MIN, Op.MAX, Op.GCD))


class Dag:
    """The list: node `k` applies `ops[k]` to the nodes `args[k]`, all before it; `values[k]` is what else it holds.

    `gradients` remembers what `derivatives.gradient` has found.
    """

    def __init__(self, symbols: Sequence[Symbol]) -> None:
        self.ops: list[Op] = []
        self.args: list[tuple[int, ...]] = []
        self.values: list[Fraction | int] = []
        self.symbols = tuple(symbols)
        self._known: dict[tuple[Op, tuple[int, ...], Fraction | int], int] = {}
        self._expressions: dict[Expr, int] = {}
        self.gradients: dict[int, dict[int, int]] = {}
        for number, symbol in enumerate(self.symbols):
            self._expressions[symbol] = self._node(Op.VARIABLE, value=number)

    def __len__(self) -> int:
        return len(self.ops)

    # --- building ---------------------------------------------------------------------------------------------------

    def _node(self, op: Op, *args: int, value: Fraction | int = 0) -> int:
        if op in COMMUTATIVE and args[0] > args[1]:
            args = (args[1], args[0])
        key = (op, args, value)
        if key not in self._known:
            self._known[key] = len(self.ops)
            self.ops.append(op)
            self.args.append(args)
            self.values.append(value)
        return self._known[key]

    def constant(self, value: Fraction | int) -> int:
        """The node of an exact number."""
        return self._node(Op.CONSTANT, value=Fraction(value))

    def constant_value(self, node: int) -> Fraction | None:
        """The exact number that a node is, None where it is none."""
        return Fraction(self.values[node]) if self.ops[node] is Op.CONSTANT else None

    def apply(self, op: Op, *args: int, value: Fraction | int = 0) -> int:
        """The node of an operation; zeros, ones and exact numbers are worked out."""
        known = [self.constant_value(arg) for arg in args]
        match op, known:
            case Op.ADD, [Fraction() as left, Fraction() as right]:
                return self.constant(left + right)
            case (Op.ADD, [0, _]) | (Op.MULTIPLY, [1, _]):
                return args[1]
            case (Op.ADD | Op.SUBTRACT, [_, 0]) | (Op.MULTIPLY | Op.DIVIDE, [_, 1]):
                return args[0]
            case Op.SUBTRACT, [Fraction() as left, Fraction() as right]:
                return self.constant(left - right)
            case Op.SUBTRACT, [0, _]:
                return self.apply(Op.NEGATE, args[1])
            case Op.MULTIPLY, [Fraction() as factor, _]:
                return self.scaled(factor, args[1])
            case Op.MULTIPLY, [_, Fraction() as factor]:
                return self.scaled(factor, args[0])
            case Op.DIVIDE, [_, Fraction() as divisor] if divisor:
                return self.scaled(1 / divisor, args[0])
            case Op.NEGATE, [Fraction() as number]:
                return self.constant(-number)
            case Op.NEGATE, _ if self.ops[args[0]] is Op.NEGATE:
                return self.args[args[0]][0]
            case Op.POWER, [Fraction() as base] if abs(base.numerator * base.denominator) < 1 << 64 and value < 64:
                return self.constant(base ** int(value))
        return self._node(op, *args, value=value)

    def scaled(self, factor: Fraction, node: int) -> int:
        """A node times an exact number. Zero times anything is zero: the node is then not looked at."""
        known = self.constant_value(node)
        if known is not None:
            return self.constant(factor * known)
        if factor == 0:
            return self.constant(0)
        if factor < 0:
            return self.apply(Op.NEGATE, self.scaled(-factor, node))
        if self.ops[node] is Op.NEGATE:
            return self.apply(Op.NEGATE, self.scaled(factor, self.args[node][0]))
        if self.ops[node] is Op.SCALE:
            return self.scaled(factor * self.values[node], self.args[node][0])
        return node if factor == 1 else self._node(Op.SCALE, node, value=factor)

    def combined(self, op: Op, nodes: Sequence[int]) -> int:
        """A balanced tree of a two-place operation; of no nodes at all, the empty sum or product."""
        level = list(nodes) or [self.constant(0 if op is Op.ADD else 1)]
        while len(level) > 1:
            pairs = [self.apply(op, left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
            level = pairs + level[len(level) - len(level) % 2 :]
        return level[0]

    def power(self, base: int, exponent: int) -> int:
        """A node to a whole power, negative ones by division."""
        if exponent < 0:
            return self.apply(Op.DIVIDE, self.constant(1), self.power(base, -exponent))
        if exponent == 0:
            return self.constant(1)
        return base if exponent == 1 else self.apply(Op.POWER, base, value=exponent)

    def add(self, expression: Expr) -> int:
        """The node of an expression; what is not known here becomes `UNKNOWN`, of which nothing is ever claimed."""
        stack = [expression]
        while stack:
            top = stack[-1]
            if top in self._expressions:
                stack.pop()
                continue
            missing = [part for part in _parts(top) if part not in self._expressions]
            if missing:
                stack.extend(missing)
                continue
            stack.pop()
            self._expressions[top] = self._built(top)
        return self._expressions[expression]

    def _built(self, e: Expr) -> int:
        if e.is_Rational:
            return self.constant(Fraction(int(e.p), int(e.q)))
        if e.is_Float:
            exact = Rational(e)
            return self.constant(Fraction(int(exact.p), int(exact.q)))
        if e.is_Add:
            return self._sum(e)
        if e.is_Mul:
            return self._product(e)
        if isinstance(e, Pow):
            return self._power(e)
        name = e.func.__name__
        args = [self._expressions[arg] for arg in e.args]
        if name in PLAIN_FUNCTIONS and len(args) == 1:
            return self.apply(PLAIN_FUNCTIONS[name], *args)
        match name, args:
            case "Pi", []:
                return self._node(Op.PI)
            case "Exp1", []:
                return self._node(Op.EXP, self.constant(1))
            case "atan2", [y, x]:
                return self.apply(Op.ATAN2, y, x)
            case "ceiling", [u]:
                return self.apply(Op.NEGATE, self.apply(Op.FLOOR, self.apply(Op.NEGATE, u)))
            case "Mod", [u, v]:
                whole = self.apply(Op.FLOOR, self.apply(Op.DIVIDE, u, v))
                return self.apply(Op.SUBTRACT, u, self.apply(Op.MULTIPLY, v, whole))
            case "Min", [*_]:
                return self.combined(Op.MIN, args)
            case "Max", [*_]:
                return self.combined(Op.MAX, args)
            case "Gcd", [u]:
                return self.apply(Op.ABS, u)
            case "Gcd", [*_]:
                return self.combined(Op.GCD, args)
            case "LambertW", [u]:
                return self.apply(Op.LAMBERT_W, u)
            case "LambertW", [u, branch] if self.constant_value(branch) in (0, -1):
                return self.apply(Op.LAMBERT_W, u, value=int(self.constant_value(branch) or 0))
            case "factorial", [u]:
                return self.apply(Op.GAMMA, self.apply(Op.ADD, u, self.constant(1)))
            case "cbrt", [u]:
                return self.apply(Op.ODD_ROOT, u, value=3)
            case "erfc", [u]:
                return self.apply(Op.SUBTRACT, self.constant(1), self.apply(Op.ERF, u))
            case (("sec" | "csc" | "cot" | "sech" | "csch" | "coth"), [u]):
                return self._reciprocal(name, u)
            case (("asinh" | "acosh" | "atanh"), [_]):
                return self.add(e.rewrite("log"))
        free = sorted(self._expressions[symbol] for symbol in e.free_symbols if symbol in self._expressions)
        return self._node(Op.UNKNOWN, *free, value=len(self))

    def _reciprocal(self, name: str, u: int) -> int:
        above, below = {
            "sec": (None, Op.COS),
            "csc": (None, Op.SIN),
            "cot": (Op.COS, Op.SIN),
            "sech": (None, Op.COSH),
            "csch": (None, Op.SINH),
            "coth": (Op.COSH, Op.SINH),
        }[name]
        top = self.constant(1) if above is None else self.apply(above, u)
        return self.apply(Op.DIVIDE, top, self.apply(below, u))

    def _sum(self, e: Expr) -> int:
        """Plus terms minus minus terms, each a balanced tree; an exact number comes first."""
        plus, minus = [], []
        for term in e.args:
            node = self._expressions[term]
            if self.ops[node] is Op.NEGATE:
                minus.append(self.args[node][0])
            else:
                plus.append(node)
        total = self.combined(Op.ADD, plus)
        return self.apply(Op.SUBTRACT, total, self.combined(Op.ADD, minus)) if minus else total

    def _product(self, e: Expr) -> int:
        """An exact number times factors over divisors. ``sign(u)*Abs(u)**(1/q)`` with odd q is the real root of u."""
        factor = Fraction(1)
        above: list[int] = []
        below: list[int] = []
        roots = {arg.args[0] for arg in e.args if arg.func.__name__ == "sign" and _odd_root(e, arg.args[0])}
        for arg in e.args:
            if arg.is_Rational:
                factor *= Fraction(int(arg.p), int(arg.q))
            elif arg.func.__name__ == "sign" and arg.args[0] in roots:
                above.append(self.apply(Op.ODD_ROOT, self._expressions[arg.args[0]], value=_odd_root(e, arg.args[0])))
            elif isinstance(arg, Pow) and arg.base.func.__name__ == "Abs" and arg.base.args[0] in roots:
                continue
            elif isinstance(arg, Pow) and arg.exp.is_Rational and arg.exp.is_negative:
                below.append(self._rational_power(self._expressions[arg.base], -arg.exp))
            else:
                above.append(self._expressions[arg])
        product = self.combined(Op.MULTIPLY, above)
        if below:
            product = self.apply(Op.DIVIDE, product, self.combined(Op.MULTIPLY, below))
        return self.scaled(factor, product)

    def _power(self, e: Pow) -> int:
        base = self._expressions[e.base]
        if e.exp.is_Rational:
            if e.exp.is_negative:
                return self.apply(Op.DIVIDE, self.constant(1), self._rational_power(base, -e.exp))
            return self._rational_power(base, e.exp)
        exponent = self._expressions[e.exp]
        if e.base.is_number and e.base.is_positive:
            return self.apply(Op.EXP, self.apply(Op.MULTIPLY, exponent, self.apply(Op.LOG, base)))
        return self.apply(Op.GENERAL_POWER, base, exponent)

    def _rational_power(self, base: int, exponent: Rational) -> int:
        if exponent.is_Integer:
            return self.power(base, int(exponent))
        if exponent.q == 2:
            return self.power(self.apply(Op.SQRT, base), int(exponent.p))
        return self.apply(Op.ROOT_POWER, base, value=Fraction(int(exponent.p), int(exponent.q)))


def reachable(dag: Dag, roots: Iterable[int]) -> list[int]:
    """The nodes that the roots need, themselves among them, in the order of the list."""
    needed: set[int] = set()
    stack = list(roots)
    while stack:
        node = stack.pop()
        if node not in needed:
            needed.add(node)
            stack.extend(dag.args[node])
    return sorted(needed)


def apart(dag: Dag, roots: Sequence[int], variables: Sequence[Sequence[int]]) -> tuple[Dag, list[int]]:
    """A new list in which the roots share nothing: the variables `variables[i]` of root i are its own, and come in that
    order, root after root."""
    count = sum(len(held) for held in variables)
    copy = Dag([Symbol(f"v{number}") for number in range(count)])
    copied: list[int] = []
    start = 0
    for root, held in zip(roots, variables, strict=True):
        own = {number: copy.add(copy.symbols[start + place]) for place, number in enumerate(held)}
        start += len(held)
        new: dict[int, int] = {}
        for node in reachable(dag, [root]):
            op, value = dag.ops[node], dag.values[node]
            args = [new[arg] for arg in dag.args[node]]
            new[node] = own[int(value)] if op is Op.VARIABLE else copy.apply(op, *args, value=value)
        copied.append(new[root])
    return copy, copied


def _parts(e: Expr) -> tuple[Expr, ...]:
    """What has to be built before `e`."""
    if isinstance(e, Pow) and e.exp.is_Rational:
        return (e.base,)
    if e.is_Mul:
        parts: list[Expr] = []
        for arg in e.args:
            plain = isinstance(arg, Pow) and arg.exp.is_Rational and arg.exp.is_negative
            parts.append(arg.base if plain else arg)
            if arg.func.__name__ == "sign":
                parts.append(arg.args[0])
        return tuple(parts)
    return tuple(arg for arg in e.args if isinstance(arg, Expr))


def _odd_root(product: Expr, base: Expr) -> int:
    """The odd q of a factor ``Abs(base)**(1/q)`` of a product, 0 where there is none."""
    for arg in product.args:
        if isinstance(arg, Pow) and arg.base.func.__name__ == "Abs" and arg.base.args[0] == base:
            if arg.exp.is_Rational and arg.exp.p == 1 and arg.exp.q % 2 == 1:
                return int(arg.exp.q)
    return 0
