"""A CP-SAT model built from exact linear forms, products and case distinctions.

CP-SAT counts in 64 bits. Forms with larger coefficients are taken apart into limbs with carries between them, which is
how one adds on paper; products that would be too large are multiplied out over their variables first. Every variable
made here is a function of those that were there before, so that the solutions of the model are those of the puzzle,
each once. The library is loaded late and never beside TensorFlow: the two bring copies of the same C++ code, and in one
process they can crash each other (OR-Tools 9.15 with TensorFlow 2.21).
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from puzzlesolver.answer.reasons import LeftOpen, Why
from puzzlesolver.exact import limits


def cp_sat() -> Any:
    """The module `ortools.sat.python.cp_model`. Raises RuntimeError in a process in which TensorFlow is loaded."""
    if "tensorflow" in sys.modules:
        raise RuntimeError("CP-SAT cannot work in a process with TensorFlow: submit the task to a worker")
    from ortools.sat.python import cp_model  # loads pandas: only where there is a model to build

    return cp_model


@dataclass(frozen=True, slots=True)
class BoundedForm:
    """``constant + Σ coefficients[i]·variable_i``, which lies between `low` and `high`; of Python's whole numbers."""

    coefficients: Mapping[int, int]
    constant: int
    low: int
    high: int

    @property
    def is_constant(self) -> bool:
        return not self.coefficients

    def scaled(self, factor: int) -> BoundedForm:
        """The form times a whole number."""
        if not factor:
            return constant(0)
        low, high = sorted((self.low * factor, self.high * factor))
        return BoundedForm({i: a * factor for i, a in self.coefficients.items()}, self.constant * factor, low, high)

    def shifted(self, by: int) -> BoundedForm:
        """The form plus a whole number."""
        return BoundedForm(self.coefficients, self.constant + by, self.low + by, self.high + by)


def constant(value: int) -> BoundedForm:
    """A whole number as a form."""
    return BoundedForm({}, value, value, value)


ONE = constant(1)


@dataclass(frozen=True, slots=True)
class Ratio:
    """A rational value: one form over another, which is never zero where the value is defined."""

    top: BoundedForm
    bottom: BoundedForm = ONE

    @property
    def is_whole(self) -> bool:
        return self.bottom.is_constant and self.bottom.constant == 1


LIMB = 10**9  # The base of the limbs.


class Unmodelled(LeftOpen):
    """What cannot be said in whole-number variables."""


class Model:
    """The model under construction."""

    def __init__(self) -> None:
        self._library = cp_sat()
        self.cp = self._library.CpModel()
        self.variables: list[Any] = []
        self.ends: list[tuple[int, int]] = []
        self._products: dict[Any, BoundedForm] = {}
        self._indicators: dict[int, dict[int, BoundedForm]] = {}
        self._values: dict[int, tuple[int, ...]] = {}

    # --- variables ----------------------------------------------------------------------------------------------------

    def variable(self, values: Sequence[int] | range) -> BoundedForm:
        """A new variable with these values, ascending."""
        if not len(values):
            self.cp.add_bool_or([])
            values = range(1)
        if max(abs(values[0]), abs(values[-1])) > limits.WIDE:
            raise Unmodelled(Why.LARGE_NUMBERS())
        name = f"v{len(self.variables)}"
        if values == range(2):
            made = self.cp.new_bool_var(name)
        elif isinstance(values, range):
            made = self.cp.new_int_var(values[0], values[-1], name)
        else:
            made = self.cp.new_int_var_from_domain(self._library.Domain.from_values(list(values)), name)
            self._values[len(self.variables)] = tuple(values)
        self.variables.append(made)
        self.ends.append((values[0], values[-1]))
        return BoundedForm({len(self.variables) - 1: 1}, 0, values[0], values[-1])

    def values_of(self, index: int) -> Sequence[int] | range:
        """The values that a variable can have."""
        low, high = self.ends[index]
        return self._values.get(index, range(low, high + 1))

    # --- forms --------------------------------------------------------------------------------------------------------

    def sum(self, forms: Sequence[BoundedForm]) -> BoundedForm:
        """The sum of forms, with bounds from the variables themselves."""
        coefficients: dict[int, int] = {}
        for form in forms:
            for i, a in form.coefficients.items():
                coefficients[i] = coefficients.get(i, 0) + a
        return self.form({i: a for i, a in coefficients.items() if a}, sum(form.constant for form in forms))

    def form(self, coefficients: dict[int, int], shift: int) -> BoundedForm:
        low = high = shift
        for i, a in coefficients.items():
            one, other = (a * end for end in self.ends[i])
            low, high = low + min(one, other), high + max(one, other)
        return BoundedForm(coefficients, shift, low, high)

    def product(self, one: BoundedForm, other: BoundedForm) -> BoundedForm:
        """The product as a form: a new variable, or the terms multiplied out where that would be too large."""
        if one.is_constant or other.is_constant:
            return other.scaled(one.constant) if one.is_constant else one.scaled(other.constant)
        key = frozenset((_key(one), _key(other)))
        if key not in self._products:
            self._products[key] = self._product(one, other)
        return self._products[key]

    def _product(self, one: BoundedForm, other: BoundedForm) -> BoundedForm:
        corners = [a * b for a in (one.low, one.high) for b in (other.low, other.high)]
        low, high = min(corners), max(corners)
        if _key(one) == _key(other):
            low = 0 if one.low <= 0 <= one.high else min(one.low**2, one.high**2)
        if max(abs(low), abs(high)) <= limits.WIDE and self._fits(one) and self._fits(other):
            made = self.variable(range(low, high + 1))
            self.cp.add_multiplication_equality(self._linear(made), [self._linear(one), self._linear(other)])
            return made
        if len(one.coefficients) * len(other.coefficients) > limits.MOST_TERMS or not self._is_large_sum(one, other):
            raise Unmodelled(Why.LARGE_PRODUCT())
        terms = [one.scaled(other.constant).shifted(-one.constant * other.constant), other.scaled(one.constant)]
        for i, a in one.coefficients.items():
            for j, b in other.coefficients.items():
                terms.append(self.product(self.form({i: 1}, 0), self.form({j: 1}, 0)).scaled(a * b))
        return self.sum(terms)

    def _is_large_sum(self, one: BoundedForm, other: BoundedForm) -> bool:
        """Whether multiplying out makes the factors smaller."""
        return any(len(f.coefficients) > 1 or f.constant or abs(next(iter(f.coefficients.values()))) > 1
                   for f in (one, other))  # fmt: skip

    def quotient(self, top: BoundedForm, bottom: BoundedForm) -> tuple[BoundedForm, BoundedForm]:
        """Quotient and remainder with ``top = bottom·q + r, 0 <= r < bottom``; `bottom` is positive."""
        if bottom.low <= 0:
            raise Unmodelled(Why.DIVISION())
        corners = [a // b for a in (top.low, top.high) for b in (bottom.low, bottom.high)]
        quotient = self.variable(range(min(corners), max(corners) + 1))
        remainder = self.variable(range(bottom.high))
        self.require_zero(self.sum([top, self.product(bottom, quotient).scaled(-1), remainder.scaled(-1)]))
        if not bottom.is_constant:
            self.require_at_most(self.sum([remainder.shifted(1), bottom.scaled(-1)]))
        return quotient, remainder

    def absolute(self, form: BoundedForm) -> BoundedForm:
        """The absolute value."""
        if form.low >= 0:
            return form
        if form.high <= 0:
            return form.scaled(-1)
        made = self.variable(range(max(-form.low, form.high) + 1))
        self.cp.add_abs_equality(self._linear(made), self._linear(form))
        return made

    def extreme(self, forms: Sequence[BoundedForm], *, greatest: bool) -> BoundedForm:
        """The greatest or the least of several."""
        pick = max if greatest else min
        made = self.variable(range(pick(form.low for form in forms), pick(form.high for form in forms) + 1))
        add = self.cp.add_max_equality if greatest else self.cp.add_min_equality
        add(self._linear(made), [self._linear(form) for form in forms])
        return made

    def indicators(self, index: int) -> dict[int, BoundedForm]:
        """For every value of a variable, a variable that is 1 where it has that value and 0 elsewhere."""
        if index not in self._indicators:
            made = {}
            for value in self.values_of(index):
                flag = self.variable(range(2))
                (place,) = flag.coefficients
                is_it = self.variables[place]
                self.cp.add(self.variables[index] == value).only_enforce_if(is_it)
                self.cp.add(self.variables[index] != value).only_enforce_if(is_it.negated())
                made[value] = flag
            self._indicators[index] = made
        return self._indicators[index]

    def require_one_of(self, index: int, values: Sequence[int]) -> None:
        """The variable has one of these values."""
        if len(values) < len(self.values_of(index)):
            domain = self._library.Domain.from_values(list(values))
            self.cp.add_linear_expression_in_domain(self.variables[index], domain)

    def require_row(self, indices: Sequence[int], rows: Sequence[tuple[int, ...]]) -> None:
        """The variables form one of these rows."""
        self.cp.add_allowed_assignments([self.variables[i] for i in indices], rows)

    def chosen_row(self, indices: Sequence[int], rows: Sequence[tuple[int, ...]]) -> list[BoundedForm]:
        """The variables form one of these rows; for each row, a variable that is 1 where it is the one."""
        number = self.variable(range(len(rows)))
        (place,) = number.coefficients
        self.require_row([*indices, place], [(*row, k) for k, row in enumerate(rows)])
        flags = self.indicators(place)
        return [flags[k] for k in range(len(rows))]

    # --- constraints --------------------------------------------------------------------------------------------------

    def require_zero(self, form: BoundedForm) -> None:
        """``form = 0``."""
        if form.low > 0 or form.high < 0:
            self._never()
            return
        divisor = math.gcd(*form.coefficients.values()) if form.coefficients else 1
        if form.constant % divisor:
            self._never()
            return
        coefficients = {i: a // divisor for i, a in form.coefficients.items()}
        form = self.form(coefficients, form.constant // divisor)
        if self._fits(form):
            self.cp.add(self._linear(form) == 0)
            return
        low, rest = self._split(form)
        self.cp.add(self._linear(low) == 0)
        self.require_zero(rest)

    def require_at_most(self, form: BoundedForm) -> None:
        """``form <= 0``."""
        if form.low > 0:
            self._never()
        elif self._fits(form):
            self.cp.add(self._linear(form) <= 0)
        else:  # form - 1 < 0: the highest limb is negative
            _, rest = self._split(form.shifted(-1))
            self.require_at_most(rest.shifted(1))

    def require_nonzero(self, form: BoundedForm) -> None:
        """``form != 0``."""
        if form.is_constant and not form.constant:
            self._never()
        elif self._fits(form):
            self.cp.add(self._linear(form) != 0)
        else:
            limbs = []
            while not self._fits(form):
                low, form = self._split(form)
                limbs.append(low)
            limbs.append(form)
            flags = []
            for limb in limbs:
                flag = self.cp.new_bool_var("")
                self.cp.add(self._linear(limb) != 0).only_enforce_if(flag)
                self.cp.add(self._linear(limb) == 0).only_enforce_if(flag.negated())
                flags.append(flag)
            self.cp.add_bool_or(flags)

    def require_different(self, forms: Sequence[BoundedForm]) -> None:
        """The forms' values are pairwise different."""
        if all(self._fits(form) for form in forms):
            self.cp.add_all_different([self._linear(form) for form in forms])
            return
        for number, one in enumerate(forms):
            for other in forms[:number]:
                self.require_nonzero(self.sum([one, other.scaled(-1)]))

    def minimize(self, form: BoundedForm) -> None:
        """Make the form as small as can be. Raises `Unmodelled` for one that does not fit 64 bits."""
        if not self._fits(form):
            raise Unmodelled(Why.LARGE_OBJECTIVE())
        self.cp.minimize(self._linear(form))

    def forbid(self, index_values: Sequence[tuple[int, int]]) -> None:
        """Not all of these variables have these values."""
        self.cp.add_forbidden_assignments([self.variables[i] for i, _ in index_values], [[v for _, v in index_values]])

    def _split(self, form: BoundedForm) -> tuple[BoundedForm, BoundedForm]:
        """The lowest limb, between 0 and `LIMB`, and the rest, so that ``form = limb + LIMB·rest``."""
        lower = {i: a % LIMB for i, a in form.coefficients.items() if a % LIMB}
        upper = {i: a // LIMB for i, a in form.coefficients.items() if a // LIMB}
        part = self.form(lower, form.constant % LIMB)
        if not self._fits(part):
            raise Unmodelled(Why.LARGE_NUMBERS())
        carry, limb = self.quotient(part, constant(LIMB))
        return limb, self.sum([self.form(upper, form.constant // LIMB), carry])

    def _never(self) -> None:
        self.cp.add_bool_or([])

    def _fits(self, form: BoundedForm) -> bool:
        """Whether no part of the sum can leave 64 bits."""
        most = sum(abs(a) * max(map(abs, self.ends[i])) for i, a in form.coefficients.items())
        return most + abs(form.constant) <= limits.WIDE

    def _linear(self, form: BoundedForm) -> Any:
        indices = list(form.coefficients)
        expression = self._library.LinearExpr.weighted_sum(
            [self.variables[i] for i in indices], [form.coefficients[i] for i in indices]
        )
        return expression + form.constant


def _key(form: BoundedForm) -> tuple[frozenset[tuple[int, int]], int]:
    return frozenset(form.coefficients.items()), form.constant
