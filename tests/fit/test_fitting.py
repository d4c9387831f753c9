"""Fits: the statistics against independent ones, and the exact solution against the numeric estimate."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import curve_fit

import puzzlesolver
from puzzlesolver.answer.solution import Evidence, Status

DECAY = """fit counts = N0*exp(-t/tau) + background
data
   t    counts
   0    1012
   1     748
   2     559
   3     425
   5     251
   8     133
  12      75
  20      53
"""


def test_a_nonlinear_fit_agrees_with_scipy() -> None:
    """Estimates, standard errors and confidence intervals are SciPy's, which was given a starting point."""
    answer = puzzlesolver.solve(DECAY)
    t = np.array([0, 1, 2, 3, 5, 8, 12, 20.0])
    counts = np.array([1012, 748, 559, 425, 251, 133, 75, 53.0])
    best, covariance = curve_fit(lambda t, n, tau, b: n * np.exp(-t / tau) + b, t, counts, p0=(900, 3, 50))
    assert answer.status is Status.BEST_FIT and answer.fit is not None
    assert answer[0].evidence is Evidence.CERTIFIED
    for name, value, error in zip(("N0", "tau", "background"), best, np.sqrt(np.diag(covariance)), strict=True):
        assert answer[0][name].approximation == pytest.approx(value, rel=1e-6)
        assert answer.fit.standard_errors[name] == pytest.approx(error, rel=1e-4)
    assert answer.fit.degrees_of_freedom == 5


def test_a_line_has_the_textbook_statistics() -> None:
    """A straight line through four points, worked out by hand: y = x/5 + 7/10, RSS 9/5."""
    answer = puzzlesolver.solve("fit y = a*x + b\ndata\n x y\n 0 1\n 1 0\n 2 2\n 3 1\n")
    assert [str(value.exact) for value in answer[0].values.values()] == ["1/5", "7/10"]
    assert answer.complete and answer.fit is not None
    assert answer.fit.residual_sum_of_squares == pytest.approx(1.8)
    assert answer.fit.residual_standard_deviation == pytest.approx(0.9**0.5)
    assert answer.fit.r_squared == pytest.approx(0.1)


def test_an_exact_fit_has_no_residual() -> None:
    """Points on the curve leave a residual sum of squares of exactly zero."""
    answer = puzzlesolver.solve("fit y = a*x^2 + b\ndata\n x y\n 0 1/3\n 1 4/3\n 2 13/3\n")
    assert answer.fit is not None and answer.fit.residual_sum_of_squares == 0.0
