"""Linear systems over the rationals, eliminated exactly.

In: equations as sparse rows of rational numbers. Out: every unknown as an affine form in the free ones, which are the
last in order that can be free; which equations depend on earlier ones; and, where the system contradicts itself, a
smallest set of equations that do. Dense systems go to python-flint's echelon forms, large sparse ones to an elimination
of rows in their order that keeps only what differs from zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from flint import fmpq, fmpq_mat, fmpz, nmod_mat
from sympy import Add, Dummy, Expr, Integer, Poly, Rational, Symbol, fraction, together
from sympy.polys.polyerrors import PolynomialError


def numerator(residual: Expr, unknowns: tuple[Symbol, ...]) -> Poly | None:
    """The residual's numerator as a polynomial over the rationals, None where it is none.

    A rational function is zero where its numerator is, as far as it is defined; that it is defined is kept in the
    equation's own conditions. The unknowns are the generators, in order.
    """
    if not unknowns:
        return Poly(residual, Dummy()) if residual.is_Rational else None
    if residual.is_polynomial(*unknowns):
        top = residual
    elif residual.is_rational_function(*unknowns):
        top = fraction(together(residual))[0]
    else:
        return None
    try:
        polynomial = Poly(top, *unknowns)
    except PolynomialError:
        return None
    return polynomial if polynomial.domain.is_ZZ or polynomial.domain.is_QQ else None


DENSE_SIZE = 400 * 400  # Matrices with at most so many entries are eliminated as dense ones.
MOST_FILL = 30  # Where a sparse elimination has so many times the entries that it began with, the dense one takes over.

Sparse = dict[int, fmpq]


@dataclass(frozen=True, slots=True)
class Row:
    """``Σ coefficients[j]·x_j = constant``; `as_written` is False where a denominator was multiplied out."""

    coefficients: Mapping[int, fmpq]
    constant: fmpq
    as_written: bool = True


@dataclass(frozen=True, slots=True)
class Form:
    """``constant + Σ coefficients[j]·x_j`` over the free unknowns j."""

    constant: fmpq
    coefficients: Mapping[int, fmpq]

    @property
    def scale(self) -> fmpz:
        """The common denominator."""
        common = self.constant.q
        for a in self.coefficients.values():
            common = common.lcm(a.q)
        return common


@dataclass(frozen=True, slots=True)
class Elimination:
    """The end of an elimination. `forms` holds one form for every unknown, and nothing where there is a `conflict`.

    `redundant` are the rows that follow from earlier ones. `conflict` are rows that cannot hold together while any
    part of them can.
    """

    rank: int
    free: tuple[int, ...] = ()
    forms: tuple[Form, ...] = ()
    redundant: tuple[int, ...] = ()
    conflict: tuple[int, ...] = ()


def rational(number: Rational) -> fmpq:
    """SymPy's rational number as python-flint's."""
    return fmpq(int(number.p), int(number.q))


def sympy_rational(number: fmpq) -> Rational:
    """And back."""
    return Rational(int(number.p), int(number.q))


def linear_row(residual: Expr, position: Mapping[Symbol, int]) -> Row | None:
    """The row of ``residual = 0``; None where it is not linear with rational coefficients.

    A quotient is zero where its numerator is; where it is defined is not told here.
    """
    coefficients: Sparse = {}
    constant = fmpq(0)
    for term in Add.make_args(residual):
        factor, rest = term.as_coeff_Mul(rational=True)
        if rest in position:
            coefficients[position[rest]] = coefficients.get(position[rest], fmpq(0)) + rational(factor)
        elif rest == 1 and isinstance(factor, Rational):
            constant -= rational(factor)
        else:
            return _row_of_numerator(residual, position)
    return Row({j: a for j, a in coefficients.items() if a}, constant)


def _row_of_numerator(residual: Expr, position: Mapping[Symbol, int]) -> Row | None:
    symbols = tuple(
        sorted((symbol for symbol in residual.free_symbols if symbol in position), key=position.__getitem__)
    )
    if len(symbols) != len(residual.free_symbols):
        return None
    polynomial = numerator(residual, symbols) if symbols else None
    if polynomial is None or polynomial.total_degree() > 1:
        return None
    coefficients: Sparse = {}
    constant = fmpq(0)
    for powers, factor in polynomial.terms():
        if any(powers):
            coefficients[position[symbols[powers.index(1)]]] = rational(factor)
        else:
            constant -= rational(factor)
    return Row(coefficients, constant, as_written=bool(residual.is_polynomial(*symbols)))


def linear_in(expression: Expr, symbols: Sequence[Symbol]) -> tuple[Expr, ...] | None:
    """Coefficients and constant, whatever numbers they are, of what is linear in all symbols together; else None."""
    try:
        whole = Poly(expression, *symbols)
    except PolynomialError:
        return None
    if whole.total_degree() > 1:
        return None
    parts = tuple(whole.coeff_monomial(symbol) for symbol in (*symbols, Integer(1)))
    return None if any(part.has(*symbols) for part in parts) else parts


def eliminate(rows: Sequence[Row], unknowns: int) -> Elimination:
    """Solve the rows for `unknowns` unknowns."""
    if len(rows) * (unknowns + 1) > DENSE_SIZE:
        found = _Sparse(rows, unknowns).run()
        if found is not None:
            return found
    return _dense(rows, unknowns)


# --- dense ------------------------------------------------------------------------------------------------------------


def matrix(rows: Sequence[Row], unknowns: int) -> fmpq_mat:
    """The coefficients, ``[rows, unknowns]``."""
    entries = [fmpq(0)] * (len(rows) * unknowns)
    for number, row in enumerate(rows):
        for j, a in row.coefficients.items():
            entries[number * unknowns + j] = a
    return fmpq_mat(len(rows), unknowns, entries)


def pivot_columns(echelon: fmpq_mat | nmod_mat, rank: int) -> list[int]:
    """The columns of the leading ones of a reduced echelon form."""
    pivots: list[int] = []
    column = 0
    for row in range(rank):
        while not echelon[row, column]:
            column += 1
        pivots.append(column)
        column += 1
    return pivots


def _dense(rows: Sequence[Row], unknowns: int) -> Elimination:
    """Two echelon forms: the transposed one says which rows depend on which, the other one solves."""
    if not rows:
        return Elimination(0, tuple(range(unknowns)), tuple(Form(fmpq(0), {j: fmpq(1)}) for j in range(unknowns)))
    coefficients = matrix(rows, unknowns)
    redundant: list[int] = []
    conflict: tuple[int, ...] = ()
    # A row that depends on earlier, independent ones does so in one way only: with these it is a minimal dependent set.
    dependence, rank = coefficients.transpose().rref()
    independent = pivot_columns(dependence, rank)
    for number in sorted(set(range(len(rows))) - set(independent)):
        factors = {independent[i]: dependence[i, number] for i in range(rank) if dependence[i, number]}
        if sum((a * rows[i].constant for i, a in factors.items()), fmpq(0)) == rows[number].constant:
            redundant.append(number)
        elif not conflict or len(factors) + 1 < len(conflict):
            conflict = tuple(sorted((*factors, number)))
    if conflict:
        return Elimination(rank, redundant=tuple(redundant), conflict=conflict)
    augmented = [Row({**rows[i].coefficients, unknowns: rows[i].constant}, fmpq(0)) for i in independent]
    echelon, _ = matrix(augmented, unknowns + 1).rref() if augmented else (fmpq_mat(0, unknowns + 1), 0)
    pivots = pivot_columns(echelon, rank)
    free = tuple(sorted(set(range(unknowns)) - set(pivots)))
    forms = [Form(fmpq(0), {j: fmpq(1)}) for j in range(unknowns)]
    for row, pivot in enumerate(pivots):
        forms[pivot] = Form(echelon[row, unknowns], {j: -echelon[row, j] for j in free if echelon[row, j]})
    return Elimination(rank, free, tuple(forms), tuple(redundant))


# --- sparse -----------------------------------------------------------------------------------------------------------


class _Sparse:
    """Rows taken in their order, each reduced by the ones before it; `unknowns` is the column of the constants."""

    def __init__(self, rows: Sequence[Row], unknowns: int) -> None:
        self._rows = [{**row.coefficients, unknowns: row.constant} for row in rows]
        self._unknowns = unknowns
        self._basis: dict[int, Sparse] = {}  # by leading column, with leading coefficient 1
        self._made_of: dict[int, tuple[int, fmpq, list[tuple[int, fmpq]]]] = {}  # by leading column
        self._limit = MOST_FILL * sum(map(len, self._rows)) + 1000

    def run(self) -> Elimination | None:
        """The elimination, or None where it fills up."""
        redundant: list[int] = []
        entries = 0
        for number, row in enumerate(self._rows):
            reduced, used = self._reduce(dict(row))
            leading = min((j for j, a in reduced.items() if a), default=None)
            if leading is None:
                redundant.append(number)
            elif leading == self._unknowns:
                return Elimination(len(self._basis), redundant=tuple(redundant), conflict=self._conflict(number, used))
            else:
                pivot = reduced[leading]
                self._basis[leading] = {j: a / pivot for j, a in reduced.items() if a}
                self._made_of[leading] = (number, pivot, used)
                entries += len(reduced)
                if entries > self._limit:
                    return None
        free = tuple(j for j in range(self._unknowns) if j not in self._basis)
        return Elimination(len(self._basis), free, self._back_substitution(), tuple(redundant))

    def _reduce(self, row: Sparse) -> tuple[Sparse, list[tuple[int, fmpq]]]:
        """The row without the basis's leading columns, and the multiples of which basis rows were taken away."""
        used: list[tuple[int, fmpq]] = []
        columns = list(row)
        heapify(columns)
        while columns:
            column = heappop(columns)
            factor = row.get(column)
            if not factor or column not in self._basis:
                continue
            used.append((column, factor))
            for j, a in self._basis[column].items():
                if j in row:
                    row[j] -= factor * a
                else:
                    row[j] = -factor * a
                    heappush(columns, j)
            row.pop(column)
        return row, used

    def _conflict(self, number: int, used: list[tuple[int, fmpq]]) -> tuple[int, ...]:
        """The rows that the contradiction is a combination of: independent ones, in the only way there is."""
        factors: dict[int, fmpq] = {number: fmpq(1)}
        open_columns = dict(used)
        order = sorted(open_columns, key=lambda column: -self._made_of[column][0])
        waiting = [(-self._made_of[column][0], column) for column in order]
        heapify(waiting)
        while waiting:
            _, column = heappop(waiting)
            factor = open_columns.pop(column, None)
            if not factor:
                continue
            origin, pivot, made_of = self._made_of[column]
            share = factor / pivot
            factors[origin] = factors.get(origin, fmpq(0)) - share
            for other, times in made_of:
                if other not in open_columns:
                    heappush(waiting, (-self._made_of[other][0], other))
                open_columns[other] = open_columns.get(other, fmpq(0)) - share * times
        return tuple(sorted(row for row, factor in factors.items() if factor))

    def _back_substitution(self) -> tuple[Form, ...]:
        forms: dict[int, Form] = {}
        for column in range(self._unknowns - 1, -1, -1):
            row = self._basis.get(column)
            if row is None:
                forms[column] = Form(fmpq(0), {column: fmpq(1)})
                continue
            constant = row.get(self._unknowns, fmpq(0))
            coefficients: Sparse = {}
            for j, a in row.items():
                if j in (column, self._unknowns):
                    continue
                constant -= a * forms[j].constant
                for free, b in forms[j].coefficients.items():
                    coefficients[free] = coefficients.get(free, fmpq(0)) - a * b
            forms[column] = Form(constant, {j: a for j, a in coefficients.items() if a})
        return tuple(forms[column] for column in range(self._unknowns))
