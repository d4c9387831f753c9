"""Gröbner bases over the rationals by Faugère's F4, steered by the same computation modulo one prime.

In: integer polynomials. Out: polynomials of the ideal whose leading monomials are those of a Gröbner basis modulo the
prime. The elimination modulo a prime is quick and tells which rows of a step's matrix will give something new; only
those are then eliminated exactly. *Every polynomial returned lies in the ideal*, because it comes from the input by
exact row operations. That nothing is missing is known modulo the prime only: who relies on it checks it (a solution set
that is as large as the standard monomials allow; reduction of the input to zero).

Sources: J.-C. Faugère, A new efficient algorithm for computing Gröbner bases (F4), 1999; R. Gebauer and H. M. Möller,
On an installation of Buchberger's algorithm, 1988; C. Traverso, Gröbner trace algorithms, 1988.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from flint import fmpz, fmpz_mat, fmpz_poly, nmod_mat
from numpy.typing import NDArray

from puzzlesolver.answer.reasons import LeftOpen, Why
from puzzlesolver.arithmetic.elimination import pivot_columns
from puzzlesolver.exact.polynomial.monomials import MAX_DEGREE, Monomials

PRIMES = (2147483647, 2147483629, 2147483587, 2147483579, 2147483563)
"""Below 2³¹, so that products fit a signed 64-bit integer."""

CONTENT_INTERVAL = 8  # Row operations between two removals of the content.

Residues = NDArray[np.int64]


class UnluckyPrime(LeftOpen, ArithmeticError):
    """The exact elimination did not follow the one modulo the prime."""


class TooLarge(LeftOpen, ArithmeticError):
    """The computation grew beyond the limits given."""


@dataclass(frozen=True, slots=True)
class PolynomialRow:
    """A polynomial: its monomials, descending, and its integer coefficients without common factor."""

    monomials: tuple[int, ...]
    coefficients: tuple[fmpz, ...]

    @property
    def leading(self) -> int:
        return self.monomials[0]


@dataclass(frozen=True, slots=True)
class Limits:
    """Where to give up: columns and entries of a matrix, and bits of a coefficient."""

    columns: int = 20_000
    cells: int = 60_000_000
    bits: int = 200_000


Multiple = tuple[int, int]
"""A basis element by its number, times a monomial: (monomial, number)."""


def basis_of(
    rows: Sequence[PolynomialRow], monomials: Monomials, limits: Limits | None = None
) -> tuple[PolynomialRow, ...]:
    """A minimal and reduced basis, ascending by leading monomial; the single row 1 where 1 lies in the ideal.

    Raises TooLarge beyond the limits, UnluckyPrime where every prime of the list fails.
    """
    for prime in PRIMES:
        try:
            return _F4(monomials, prime, limits or Limits()).run(rows)
        except UnluckyPrime:
            continue
    raise UnluckyPrime(Why.NO_PRIME())


class _F4:
    """One run: the basis so far, exactly and modulo the prime, and the pairs still to treat."""

    def __init__(self, monomials: Monomials, prime: int, limits: Limits) -> None:
        self.monomials = monomials
        self.prime = prime
        self.limits = limits
        self.basis: list[PolynomialRow] = []
        self.residues: list[Residues] = []
        self.active: list[bool] = []
        self.pairs: list[tuple[int, int, int]] = []
        self._known: dict[int, int] = {}

    def run(self, rows: Sequence[PolynomialRow]) -> tuple[PolynomialRow, ...]:
        for row in sorted(rows, key=lambda row: (row.leading, len(row.monomials))):
            if row.leading == 0:
                return (row,)
            self._insert(row)
        while self.pairs:
            degree = min(self.monomials.degree(lcm) for lcm, _, _ in self.pairs)
            chosen = [pair for pair in self.pairs if self.monomials.degree(pair[0]) == degree]
            self.pairs = [pair for pair in self.pairs if self.monomials.degree(pair[0]) != degree]
            for row in self._step(chosen):
                if row.leading == 0:
                    return (row,)
                self._insert(row)
        return self._reduced()

    # --- the pairs ----------------------------------------------------------------------------------------------------

    def _insert(self, row: PolynomialRow) -> None:
        """Add an element, and bring the list of pairs up to date by the criteria of Gebauer and Möller."""
        divides, lcm = self.monomials.divides, self.monomials.lcm
        number, leading = len(self.basis), row.leading
        if self.monomials.degree(leading) > MAX_DEGREE // 2:
            raise TooLarge(Why.LARGE_DEGREES())
        leads = [element.leading for element in self.basis]
        new = sorted((lcm(leads[i], leading), i) for i in range(number) if self.active[i])
        coprime = {i for common, i in new if common == leads[i] + leading}
        self.pairs = [
            (common, i, j)
            for common, i, j in self.pairs
            if not divides(leading, common) or common in (lcm(leads[i], leading), lcm(leads[j], leading))
        ]
        kept: list[int] = []
        for place, (common, i) in enumerate(new):
            if any(divides(smaller, common) for smaller in kept):
                continue
            kept.append(common)
            same = [i]
            for other, j in new[place + 1 :]:
                if other != common:
                    break
                same.append(j)
            if not coprime.intersection(same):
                self.pairs.append((common, i, number))
        for i in range(number):
            if self.active[i] and divides(leading, leads[i]):
                self.active[i] = False
        residues = np.array([int(c % self.prime) for c in row.coefficients], dtype=np.int64)
        if not residues[0]:
            raise UnluckyPrime(Why.PRIME_DIVIDES())
        self.basis.append(row)
        self.residues.append(residues * pow(int(residues[0]), -1, self.prime) % self.prime)
        self.active.append(True)

    # --- one step: a matrix of pairs and of what reduces them ---------------------------------------------------------

    def _step(self, pairs: Sequence[tuple[int, int, int]]) -> list[PolynomialRow]:
        by_lcm: dict[int, set[int]] = {}
        for common, i, j in pairs:
            by_lcm.setdefault(common, set()).update((i, j))
        pivots: dict[int, Multiple] = {}
        others: list[Multiple] = []
        for common in sorted(by_lcm):
            first, *rest = (
                (common - self.basis[i].leading, i)
                for i in sorted(by_lcm[common], key=lambda i: (len(self.basis[i].monomials), i))
            )
            pivots[common] = first
            others += rest
        reducers, columns = self._closure(others, pivots)
        useful, leads = self._useful(others, reducers, columns)
        if not useful:
            return []
        rows = self._exact(useful, pivots)
        if [row.leading for row in rows] != leads:
            raise UnluckyPrime(Why.PRIME_LEADS_ELSEWHERE())
        return rows

    def _closure(
        self, rows: Iterable[Multiple], given: dict[int, Multiple], own: int | None = None
    ) -> tuple[dict[int, Multiple], list[int]]:
        """Symbolic preprocessing: for every monomial that can be reduced the multiple that does it, and all monomials.

        `own` is a monomial that is not to be reduced.
        """
        reducers: dict[int, Multiple] = {}
        stack = list(rows)
        seen: set[int] = set()
        while stack:
            factor, number = stack.pop()
            for own_monomial in self.basis[number].monomials:
                monomial = own_monomial + factor
                if monomial in seen:
                    continue
                seen.add(monomial)
                if monomial == own:
                    continue
                reducer = given.get(monomial) or self._reducer(monomial)
                if reducer is not None:
                    reducers[monomial] = reducer
                    stack.append(reducer)
        if len(seen) > self.limits.columns:
            raise TooLarge(Why.LARGE_MATRICES())
        return reducers, sorted(seen, reverse=True)

    def _reducer(self, monomial: int) -> Multiple | None:
        """The first active element whose leading monomial divides, times what is missing.

        `_known` remembers its number; or, for a monomial that nothing divided, the complement of the basis' size then.
        """
        known = self._known.get(monomial, -1)
        if known < 0 or not self.active[known]:
            guards = self.monomials.guards
            guarded = monomial | guards
            start = ~known if known < 0 else 0
            known = ~len(self.basis)
            for i in range(start, len(self.basis)):
                if self.active[i] and (guarded - self.basis[i].monomials[0]) & guards == guards:
                    known = i
                    break
            self._known[monomial] = known
        return (monomial - self.basis[known].leading, known) if known >= 0 else None

    def _useful(
        self, rows: Sequence[Multiple], reducers: dict[int, Multiple], columns: Sequence[int]
    ) -> tuple[list[Multiple], list[int]]:
        """Modulo the prime: which rows give something new, and the leading monomials that come of them, ascending."""
        prime = self.prime
        if len(rows) * len(columns) > self.limits.cells:
            raise TooLarge(Why.LARGE_MATRICES())
        place = {monomial: number for number, monomial in enumerate(columns)}
        matrix = np.zeros((len(rows), len(columns)), dtype=np.int64)
        for line, (factor, number) in zip(matrix, rows, strict=True):
            line[[place[factor + monomial] for monomial in self.basis[number].monomials]] = self.residues[number]
        for pivot in sorted(reducers, reverse=True):
            factor, number = reducers[pivot]
            column = matrix[:, place[pivot]].copy()
            (hit,) = np.nonzero(column)
            if len(hit):
                where = np.array([place[factor + monomial] for monomial in self.basis[number].monomials])
                block = np.ix_(hit, where)
                matrix[block] = (matrix[block] - column[hit, None] * self.residues[number][None, :]) % prime
        open_columns = [number for number, monomial in enumerate(columns) if monomial not in reducers]
        matrix = matrix[:, open_columns]
        if not matrix.size:
            return [], []
        count, width = matrix.shape
        echelon, rank = nmod_mat(count, width, matrix.ravel().tolist(), prime).rref()
        transposed, _ = nmod_mat(width, count, matrix.T.ravel().tolist(), prime).rref()
        chosen = [rows[number] for number in pivot_columns(transposed, rank)]
        return chosen, [columns[open_columns[number]] for number in reversed(pivot_columns(echelon, rank))]

    # --- exact elimination --------------------------------------------------------------------------------------------

    def _exact(
        self, multiples: Sequence[Multiple], given: dict[int, Multiple], own: int | None = None
    ) -> list[PolynomialRow]:
        """The multiples reduced by the basis and by one another, ascending. Zero rows are left out."""
        reducers, columns = self._closure(multiples, given, own)
        place = {monomial: number for number, monomial in enumerate(columns)}
        vectors = [self._vector(multiple, place) for multiple in multiples]
        for pivot in sorted(reducers, reverse=True):
            column = place[pivot]
            reducer: fmpz_poly | None = None
            for number, vector in enumerate(vectors):
                if vector[column]:
                    reducer = reducer or self._vector(reducers[pivot], place)
                    vectors[number] = _eliminated(vector, reducer, column)
            if column % CONTENT_INTERVAL == 0:
                vectors = [_primitive(vector) for vector in vectors]
        return [self._row(vector, columns) for vector in reversed(_echelon(vectors, len(columns)))]

    def _vector(self, multiple: Multiple, place: dict[int, int]) -> fmpz_poly:
        """A multiple as a dense row over the columns: python-flint's polynomials are its quickest vectors."""
        factor, number = multiple
        row = self.basis[number]
        numbers = [place[factor + monomial] for monomial in row.monomials]
        dense = [fmpz(0)] * (numbers[-1] + 1)
        for column, coefficient in zip(numbers, row.coefficients, strict=True):
            dense[column] = coefficient
        return fmpz_poly(dense)

    def _row(self, vector: fmpz_poly, columns: Sequence[int]) -> PolynomialRow:
        if vector.height_bits() > self.limits.bits:
            raise TooLarge(Why.LARGE_COEFFICIENTS())
        entries = [(columns[number], c) for number, c in enumerate(vector.coeffs()) if c]
        return PolynomialRow(tuple(monomial for monomial, _ in entries), tuple(c for _, c in entries))

    def _reduced(self) -> tuple[PolynomialRow, ...]:
        """The active elements that no other one's leading monomial makes superfluous, each reduced by the others."""
        numbers: list[int] = []
        for i in sorted((i for i, active in enumerate(self.active) if active), key=lambda i: self.basis[i].leading):
            if any(self.monomials.divides(self.basis[j].leading, self.basis[i].leading) for j in numbers):
                self.active[i] = False
            else:
                numbers.append(i)
        for i in numbers:
            (self.basis[i],) = self._exact([(0, i)], {}, own=self.basis[i].leading)
        return tuple(self.basis[i] for i in numbers)


def _eliminated(vector: fmpz_poly, by: fmpz_poly, column: int) -> fmpz_poly:
    """The combination of two rows that is zero in `column`."""
    a, b = by[column], vector[column]
    common = a.gcd(b)
    return vector * (a // common) - by * (b // common)


def _primitive(vector: fmpz_poly) -> fmpz_poly:
    content = vector.content()
    return vector if content <= 1 else vector // content


def _echelon(vectors: Sequence[fmpz_poly], width: int) -> list[fmpz_poly]:
    """The reduced row echelon form, each row primitive; without zero rows, first columns first."""
    entries = [c for vector in vectors for c in vector.coeffs() + [fmpz(0)] * (width - len(vector))]
    echelon, _, rank = fmpz_mat(len(vectors), width, entries).rref()
    rows = echelon.table()[:rank]
    found = [_primitive(fmpz_poly(row)) for row in rows]
    return [-v if next(c for c in v.coeffs() if c) < 0 else v for v in found]
