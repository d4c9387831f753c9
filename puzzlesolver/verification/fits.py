"""A best fit, checked: its estimate is where the sum of squares is least, and its statistics belong to it.

A model that is linear in its parameters has one least sum of squares, where the normal equations hold; these are solved
again, exactly. For any other model the gradient has to vanish in a box around the estimate, and its Jacobian, the
Hessian, to be positive definite there: a minimum, with no other stationary point in the box.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any

from flint import arb, arb_mat, ctx
from sympy import Add, Expr, Rational

from puzzlesolver.problem import Fit, real_symbol
from puzzlesolver.verification.affine import Row, solve_rows
from puzzlesolver.verification.budget import Budget
from puzzlesolver.verification.claims import ClaimedAnswer, ClaimedValue
from puzzlesolver.verification.entries import Entry, affine_form
from puzzlesolver.verification.intervals import ZERO, Interval, Outside, ball_of
from puzzlesolver.verification.newton import Box, Finding, only_zero
from puzzlesolver.verification.operations import Discontinuous
from puzzlesolver.verification.places import Boxed, Place
from puzzlesolver.verification.shapes import rational
from puzzlesolver.verification.tape import NotOnTape, Tape
from puzzlesolver.verification.verdicts import Check, Verdict

MOST_TERMS = 4_000
"""Rows times parameters that are written out."""
PRECISION = 160
TOLERANCE = 1e-6
"""To which statistics in floating point have to agree, relative to their size."""
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Minimum:
    """Where the estimate is, and whether it is proved to be the only minimum there is."""

    verdict: Verdict
    words: str
    place: Place | None = None
    is_global: bool = False


def find_minimum(fit: Fit, entry: Entry, constrained: bool, budget: Budget) -> Minimum:
    """Whether the claimed estimate minimises the sum of squares."""
    if entry.parameters:
        return Minimum(Verdict.NOT_REPROVED, "an estimate with free parameters was not looked at")
    if fit.data.rows * max(1, len(fit.parameters)) > MOST_TERMS:
        return Minimum(Verdict.NOT_REPROVED, "the data are too many to be gone through here")
    if not all(isinstance(weight, Rational) and weight > 0 for weight in _weights(fit)):
        return Minimum(Verdict.NOT_REPROVED, "a weight is not positive")
    linear = _linear_rows(fit, budget)
    if linear is not None:
        return _of_linear_model(fit, linear, entry, budget)
    return _of_any_model(fit, entry, constrained, budget)


def _weights(fit: Fit) -> list[Rational]:
    if fit.weights is not None:
        return list(fit.data.columns[fit.weights])
    if fit.sigma is not None:
        return [1 / sigma**2 for sigma in fit.data.columns[fit.sigma]]
    return [Rational(1)] * fit.data.rows


def _residuals(fit: Fit) -> list[Expr]:
    """Output minus model, for each row of the data."""
    columns = [(real_symbol(name), values) for name, values in fit.data.columns.items()]
    difference = fit.output - fit.model
    return [difference.xreplace({s: values[row] for s, values in columns}) for row in range(fit.data.rows)]


def _linear_rows(fit: Fit, budget: Budget) -> list[Row] | None:
    """The normal equations, None where the model is not linear in its parameters with rational coefficients."""
    size = len(fit.parameters)
    matrix = [[Fraction(0)] * size for _ in range(size)]
    right = [Fraction(0)] * size
    for residual, weight in zip(_residuals(fit), _weights(fit), strict=True):
        budget.check()
        form = affine_form(residual, fit.parameters)
        if form is None:
            return None
        w = Fraction(int(weight.p), int(weight.q))
        for i in range(size):
            right[i] -= w * form[0][i] * form[1]
            for j in range(size):
                matrix[i][j] += w * form[0][i] * form[0][j]
    return [Row({j: f for j, f in enumerate(line) if f}, c) for line, c in zip(matrix, right, strict=True)]


def _of_linear_model(fit: Fit, rows: Sequence[Row], entry: Entry, budget: Budget) -> Minimum:
    found = solve_rows(rows, len(fit.parameters), budget)
    if found is None or found.directions:
        return Minimum(Verdict.NOT_REPROVED, "the normal equations do not determine the parameters")
    solution = {s: Rational(x.numerator, x.denominator) for s, x in zip(fit.parameters, found.offset, strict=True)}
    place = Place(solution)
    for symbol, value in solution.items():
        claim = entry.claim.values[str(symbol.name)]
        wrong = symbol in entry.values and entry.values[symbol] != value
        if claim.low is not None and claim.high is not None:
            exact = Fraction(int(value.p), int(value.q))
            wrong = wrong or not claim.low <= exact <= claim.high
        if wrong:
            return Minimum(Verdict.FAILS, f"{symbol} is not the least-squares value", place)
    return Minimum(Verdict.HOLDS, "the normal equations, solved again over the rationals", place, is_global=True)


def _of_any_model(fit: Fit, entry: Entry, constrained: bool, budget: Budget) -> Minimum:
    terms = list(zip(_residuals(fit), _weights(fit), strict=True))
    gradient = []
    for parameter in fit.parameters:
        budget.check()
        gradient.append(Add(*(weight * residual * residual.diff(parameter) for residual, weight in terms)))
    try:
        tape = Tape(gradient, fit.parameters)
    except NotOnTape as error:
        return Minimum(Verdict.NOT_REPROVED, str(error))
    ends = [_claimed_ends(entry.claim.values[str(symbol.name)]) for symbol in fit.parameters]
    if None in ends:
        return Minimum(Verdict.NOT_REPROVED, "the estimate has neither a box nor decimals")
    zeros = only_zero(tape, [end for end in ends if end is not None], PRECISION, budget)
    if zeros.finding is Finding.NONE:
        verdict = Verdict.NOT_REPROVED if constrained else Verdict.FAILS
        return Minimum(verdict, "the sum of squares is not stationary in the box")
    if zeros.finding is Finding.UNKNOWN:
        return Minimum(Verdict.NOT_REPROVED, "the box was not shown to hold a minimum")
    place = Place({}, [Boxed(tape, fit.parameters, zeros.box, budget)])
    if not _is_positive_definite(tape, zeros.box):
        return Minimum(Verdict.NOT_REPROVED, "a stationary point, not shown to be a minimum", place)
    words = "the only stationary point in its box, and a minimum; a lower one elsewhere is not excluded"
    return Minimum(Verdict.HOLDS, words, place)


def _claimed_ends(claim: ClaimedValue) -> tuple[Fraction, Fraction] | None:
    """Those of the claimed box, or of the numbers that are rounded to the decimals."""
    if claim.low is not None and claim.high is not None:
        return claim.low, claim.high
    if claim.decimal is None:
        return None
    half = claim.decimal.unit / 2
    return claim.decimal.value - half, claim.decimal.value + half


def _is_positive_definite(tape: Tape, box: Box) -> bool:
    """Whether every symmetric matrix within the Jacobian over the box has positive pivots."""
    try:
        rows = tape.gradients(tape.forward(box, PRECISION), PRECISION)
    except (Discontinuous, Outside):
        return False
    table = [[row.get(j, ZERO) for j in range(len(box))] for row in rows]
    with ctx.workprec(PRECISION):
        for k, line in enumerate(table):
            if not line[k].is_positive:
                return False
            for row in table[k + 1 :]:
                factor = row[k] / line[k]
                row[k:] = [own - factor * other for own, other in zip(row[k:], line[k:], strict=True)]
    return True


# --- statistics -------------------------------------------------------------------------------------------------------


def check_statistics(fit: Fit, answer: ClaimedAnswer, place: Place) -> list[Check]:
    """The figures under ``fit``, worked out again at the estimate."""
    subject = "fit statistics"
    if answer.fit is None:
        return [Check(subject, Verdict.NOT_REPROVED, "the answer gives none")]
    with ctx.workprec(PRECISION):
        try:
            wrong = list(_wrong_figures(fit, answer.fit, place))
        except (TypeError, KeyError, AttributeError):
            return [Check(subject, Verdict.FAILS, "they are not of the published form")]
        except (ValueError, ZeroDivisionError) as error:
            return [Check(subject, Verdict.NOT_REPROVED, f"not worked out again: {error}")]
    if wrong:
        return [Check(subject, Verdict.FAILS, f"another value than the one worked out again: {', '.join(wrong)}")]
    return [Check(subject, Verdict.HOLDS, "worked out again; they agree to six digits")]


def _wrong_figures(fit: Fit, claimed: Mapping[str, Any], place: Place) -> Iterator[str]:
    """The names of those that are not the ones worked out again."""
    at = [place.enclosure(s, PRECISION).middle for s in fit.parameters]
    weights = [ball_of(rational(weight)) for weight in _weights(fit)]
    residuals = _evaluated(fit, fit.output - fit.model, at)
    outputs = _evaluated(fit, fit.output, at)
    columns = [_evaluated(fit, fit.model.diff(s), at) for s in fit.parameters]
    squares = _product(weights, residuals, residuals)
    mean = _product(weights, outputs) / sum(weights)
    size = _product(weights, outputs, outputs)
    total = _product(weights, *[[y - mean for y in outputs]] * 2)
    freedom = fit.data.rows - len(fit.parameters)
    deviation = (squares / freedom).sqrt() if freedom > 0 else None
    if not _agree(claimed["residual_sum_of_squares"], squares, size):
        yield "residual_sum_of_squares"
    if not _agree(claimed["residual_standard_deviation"], deviation, size.sqrt()):
        yield "residual_standard_deviation"
    if not _agree(claimed["r_squared"], 1 - squares / total if total > 0 else None, arb(1)):
        yield "r_squared"
    if claimed["degrees_of_freedom"] != freedom:
        yield "degrees_of_freedom"
    parameters = claimed["parameters"]
    if parameters.keys() != {str(s.name) for s in fit.parameters}:
        yield "parameters"
        return
    covariance = _inverse_gram(columns, weights)
    for j, symbol in enumerate(fit.parameters):
        given, estimate = parameters[str(symbol.name)], at[j].low
        if not _agree(given["estimate"], estimate, abs(estimate) + 1e-6):
            yield f"estimate of {symbol}"
        spread = None if deviation is None or covariance is None else covariance[j, j].sqrt()
        error = None if spread is None or deviation is None else deviation * spread
        if not _agree(given["standard_error"], error, size.sqrt() * (spread or 0)):
            yield f"standard_error of {symbol}"
        if not _is_confidence_interval(given["confidence_interval"], estimate, freedom, error):
            yield f"confidence_interval of {symbol}"


def _agree(given: Any, expected: arb | None, scale: arb) -> bool:
    """Whether a figure is the one expected; one that is expected may be left out."""
    if given is None or expected is None:
        return given is None
    return bool(abs(arb(given) - expected) <= TOLERANCE * abs(expected) + 1e-9 * scale)


def _is_confidence_interval(ends: Any, estimate: arb, freedom: int, error: arb | None) -> bool:
    if ends is None or error is None:
        return ends is None
    low, high = (arb(end) for end in ends)
    if abs((low + high) / 2 - estimate) > 1e-6 * (abs(estimate) + (high - low)) + 1e-12:
        return False
    if error <= 1e-9 * (abs(estimate) + 1):
        return bool(high - low <= 1e-3 * (abs(estimate) + 1))  # nothing but rounding is left
    quantile = (high - low) / (2 * error)
    place = freedom / (freedom + quantile**2)
    outside = place.beta_lower(arb(freedom) / 2, arb(1) / 2, regularized=True)
    return bool(abs(1 - outside - CONFIDENCE) <= 1e-4)


def _product(*columns: Sequence[arb]) -> arb:
    """The sum over all rows of the product of their entries."""
    total = arb(0)
    for entries in zip(*columns, strict=True):
        total += prod(entries, start=arb(1))
    return total


def _inverse_gram(columns: Sequence[Sequence[arb]], weights: Sequence[arb]) -> arb_mat | None:
    try:
        return arb_mat([[_product(weights, one, other) for other in columns] for one in columns]).inv()
    except ZeroDivisionError:
        return None


def _evaluated(fit: Fit, expression: Expr, at: Sequence[Interval]) -> list[arb]:
    """The expression at every row of the data."""
    names = [real_symbol(name) for name in fit.data.columns]
    columns = [[Interval.of(rational(number)) for number in column] for column in fit.data.columns.values()]
    tape = Tape([expression], (*names, *fit.parameters))
    return [tape.output([*row, *at], PRECISION).middle.low for row in zip(*columns, strict=True)]
