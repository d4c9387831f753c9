"""The interval Newton step over many boxes at once, preconditioned in floats, with every rounding accounted for.

In: the equations of a `System`, and bounded boxes as columns of floats. Out: narrower boxes that keep every solution,
which are proved empty, where the step is strong enough that a proof of existence is worth trying, and in which
direction to bisect.

For the centre c of a box X, any matrix Y and an enclosure J of the Jacobian over X, every solution x in X fulfils
Y f(c) + (Y J)(x - c) = 0. Each row is solved for its own coordinate (Hansen and Sengupta 1981; Neumaier 1990, section
4.3). Y is the floating-point inverse of J's middle; products of matrices are enclosed by their floating-point value and
the bound |fl(AB) - AB| <= gamma_k |A||B|, which holds for every order of summation (Higham, Accuracy and Stability of
Numerical Algorithms, 2002, section 3.5). An equation that is not differentiable all over a box takes no part there.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from puzzlesolver.arithmetic.dag import apart
from puzzlesolver.arithmetic.intervals import LEAST_NORMAL, UNIT, Array, Mask, outward
from puzzlesolver.arithmetic.inverse import factor
from puzzlesolver.arithmetic.program import Program
from puzzlesolver.proof.boxes.system import System

SWEEPS = 2
LINEAR_WEIGHT = 0.1
THIN = 1e-12  # Sides of less than this part of their numbers need not become narrower for the step to count as strong.


class NewtonOutcome(NamedTuple):
    """Boxes after the step. `promising` says that every row's diagonal excludes zero and that the step narrowed every
    side; `smear` ``[unknowns, boxes]`` is how much each unknown's width weighs in the equations."""

    low: Array
    high: Array
    empty: Mask
    promising: Mask
    smear: Array


class NewtonStep:
    """The equations' values and derivatives, ready for boxes ``[unknowns, boxes]``."""

    def __init__(self, system: System) -> None:
        self.unknowns, self.equations = system.unknowns, system.equations
        self._places = [(i, j) for i, row in enumerate(system.gradients) for j, _ in row]
        entries = [node for row in system.gradients for _, node in row]
        self._residuals = Program(system.dag, system.residuals)
        self._entries = Program(system.dag, entries) if entries else None
        self._rows, self._columns = [i for i, _ in self._places], [j for _, j in self._places]
        self._corners = Program(*apart(system.dag, system.residuals, [[j for j, _ in row] for row in system.gradients]))
        self._by_column = np.argsort(self._columns, kind="stable")
        self._moved, self._starts = np.unique(np.sort(self._columns), return_index=True)
        self._jitter = 1e-14 * np.random.default_rng(0).uniform(0.5, 1.0, (self.equations, self.unknowns))

    @property
    def is_applicable(self) -> bool:
        """Whether there are at least as many equations as unknowns."""
        return self._entries is not None and self.equations >= self.unknowns

    def jacobian(self, low: Array, high: Array) -> tuple[Array, Array, Mask]:
        """Middles and radii ``[boxes, equations, unknowns]``, and which rows ``[boxes, equations]`` are finite."""
        boxes = low.shape[1]
        middle = np.zeros((boxes, self.equations, self.unknowns))
        radius = np.zeros_like(middle)
        assert self._entries is not None
        lows, highs, _ = self._entries.forward(low, high)
        el, eh = lows[self._entries.outputs].T, highs[self._entries.outputs].T
        m = 0.5 * (el + eh)
        usable = np.isfinite(m) & (el <= eh)
        m[~usable] = 0.0
        middle[:, self._rows, self._columns] = m
        radius[:, self._rows, self._columns] = np.where(
            usable, np.maximum(eh - m, m - el) * (1 + 2 * UNIT) + LEAST_NORMAL, np.inf
        )
        finite: Mask = np.asarray(np.isfinite(radius).all(axis=2))
        return middle, radius, finite

    def __call__(self, low: Array, high: Array) -> NewtonOutcome:
        """One step on every box; the boxes are bounded."""
        n = self.unknowns
        centre = np.clip(0.5 * low + 0.5 * high, low, high)
        middle, radius, usable = self.jacobian(low, high)
        smear = _smear(middle, radius, usable, high - low)
        corner_low, corner_high, impossible = self._from_corners(low, high, middle, radius, usable)
        lows, highs, dead = self._residuals.forward(centre, centre)
        fl, fh = lows[self._residuals.outputs].T, highs[self._residuals.outputs].T
        usable &= np.isfinite(fl) & np.isfinite(fh) & (fl <= fh) & ~dead[:, None]
        middle, radius = np.where(usable[:, :, None], middle, 0.0), np.where(usable[:, :, None], radius, 0.0)
        f_middle = np.where(usable, 0.5 * fl + 0.5 * fh, 0.0)[:, :, None]
        f_radius = np.where(usable, np.maximum(fh - f_middle[:, :, 0], f_middle[:, :, 0] - fl), 0.0)[:, :, None]
        f_radius = f_radius * (1 + 2 * UNIT) + LEAST_NORMAL

        inverse = self._preconditioner(middle, usable)
        size = np.abs(inverse)
        gamma = (self.equations + 8) * UNIT
        tiny = (self.equations + self.unknowns) * LEAST_NORMAL
        a_middle = inverse @ middle
        a_radius = (size @ (radius + gamma * np.abs(middle))) * (1 + gamma) + tiny
        g_middle = (inverse @ f_middle)[:, :, 0]
        g_radius = (size @ (f_radius + gamma * np.abs(f_middle)))[:, :, 0] * (1 + gamma) + tiny

        coordinates = np.arange(n)
        diagonal, diagonal_radius = a_middle[:, coordinates, coordinates], a_radius[:, coordinates, coordinates]
        d_low, d_high = outward(diagonal - diagonal_radius, diagonal + diagonal_radius)
        others = (np.abs(a_middle) + a_radius) * (1 + 2 * UNIT)
        others[:, coordinates, coordinates] = 0.0
        u_low, u_high = outward((low - centre).T, (high - centre).T)
        start_low, start_high = u_low, u_high
        narrowed = (d_low > 0) | (d_high < 0)
        for sweep in range(SWEEPS):
            reach = np.maximum(-u_low, u_high)
            spread = (others @ reach[:, :, None])[:, :, 0] * (1 + gamma) + tiny + g_radius
            z_low, z_high = outward(-g_middle - spread, -g_middle + spread)
            new_low, new_high = factor(z_low, z_high, d_low, d_high, u_low, u_high)
            if sweep == 0:
                width = start_high - start_low
                thin = width <= THIN * np.maximum(np.abs(low), np.abs(high)).T + LEAST_NORMAL * 8
                narrowed &= (new_high - new_low < 0.9 * width) | thin
            u_low, u_high = np.fmax(u_low, new_low), np.fmin(u_high, new_high)
        empty = (u_low > u_high).any(axis=1) | impossible
        x_low, x_high = outward(centre + u_low.T, centre + u_high.T)
        new = np.fmax(corner_low, x_low), np.fmin(corner_high, x_high)
        empty |= (new[0] > new[1]).any(axis=0)
        return NewtonOutcome(*new, empty, narrowed.all(axis=1) & ~empty, smear)

    def _from_corners(
        self, low: Array, high: Array, middle: Array, radius: Array, usable: Mask
    ) -> tuple[Array, Array, Mask]:
        """What monotonicity gives: narrower boxes, and those in which an equation has only one sign.

        Where f rises with x_j by at least a over the box, and F is a lower bound of f with every monotone unknown at
        its lesser corner, f >= F + a (x_j - low_j), so that a solution has x_j <= low_j - F / a; and so on around.
        """
        a, b = low[self._columns], high[self._columns]
        m, r = middle[:, self._rows, self._columns].T, radius[:, self._rows, self._columns].T
        known = usable[:, self._rows].T
        least, most = (m - r) * (1 - 4 * UNIT) - LEAST_NORMAL, (m + r) * (1 - 4 * UNIT) + LEAST_NORMAL
        rises, falls = (least > 0) & known, (most < 0) & known
        lows, _, _ = self._corners.forward(np.where(falls, b, a), np.where(rises, a, b))
        _, highs, _ = self._corners.forward(np.where(rises, b, a), np.where(falls, a, b))
        bottom, top = lows[self._corners.outputs], highs[self._corners.outputs]
        impossible: Mask = np.asarray(((bottom > 0) | (top < 0)).any(axis=0))
        slope = np.where(rises, least, -most)
        slope[~(rises | falls)] = 0.0
        down = -bottom[self._rows] / slope * (1 + 8 * UNIT) + LEAST_NORMAL
        up = top[self._rows] / slope * (1 + 8 * UNIT) + LEAST_NORMAL
        from_low, from_high = outward(b - np.where(rises, up, down), a + np.where(rises, down, up))
        new_low, new_high = low.copy(), high.copy()
        for new, found, choose in ((new_low, from_low, np.maximum), (new_high, from_high, np.minimum)):
            best = choose.reduceat(found[self._by_column], self._starts, axis=0)
            new[self._moved] = choose(new[self._moved], best)
        return new_low, new_high, impossible

    def _preconditioner(self, middle: Array, usable: Mask) -> Array:
        """About the inverse of each middle matrix, for more equations than unknowns the pseudo-inverse; where it fails,
        zero, which makes the step do nothing. An equation that takes no part leaves its place to a unit row."""
        n = self.unknowns
        scale = np.abs(middle).max(axis=(1, 2), keepdims=True)
        matrix = middle + self._jitter * scale
        if self.equations == n:
            box, row = np.nonzero(~usable)
            matrix[box, row] = 0.0
            matrix[box, row, row] = 1.0
            inverse = _inverses(matrix)
        else:
            transposed = np.swapaxes(matrix, 1, 2)
            inverse = np.asarray(_inverses(transposed @ matrix) @ transposed)
        good: Mask = np.asarray(np.isfinite(inverse).all(axis=(1, 2)))
        return np.asarray(np.where(good[:, None, None], inverse, 0.0))


def _inverses(matrices: Array) -> Array:
    """Floating-point inverses of all, not-a-number where one is singular."""
    try:
        return np.asarray(np.linalg.inv(matrices), dtype=np.float64)
    except np.linalg.LinAlgError:
        singular = np.linalg.det(matrices) == 0
        result = np.full_like(matrices, np.nan)
        try:
            result[~singular] = np.linalg.inv(matrices[~singular])
        except np.linalg.LinAlgError:
            pass
        return result


def _smear(middle: Array, radius: Array, usable: Mask, width: Array) -> Array:
    """For each unknown the sum over the equations of its share in their variation (Kearfott's relative smear).

    A derivative counts more for being uncertain than for being large: a linear term is as well contracted as bisected.
    """
    weight = (LINEAR_WEIGHT * np.abs(middle) + radius) * width.T[:, None, :]
    weight[~usable] = 0.0
    total = weight.sum(axis=2, keepdims=True)
    share = np.divide(weight, total, out=np.zeros_like(weight), where=(total > 0) & np.isfinite(total))
    return np.asarray(share.sum(axis=1).T)
