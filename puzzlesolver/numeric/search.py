"""The search: rounds of starting points, each taken down by Nadam and polished, until nothing new turns up.

A problem comes in, `Candidates` go out; nothing is proved of them, and nothing is promised of their number.
"""

from __future__ import annotations

import time

import numpy as np

from puzzlesolver.answer.reasons import Reason, Why
from puzzlesolver.arithmetic.arrays import FloatArray
from puzzlesolver.numeric import limits
from puzzlesolver.numeric.box import SearchBox, breed, draw, first_start
from puzzlesolver.numeric.candidates import Candidates, nothing_found
from puzzlesolver.numeric.distinct import Roots
from puzzlesolver.numeric.harvest import Harvest
from puzzlesolver.numeric.nadam import Merit, descend
from puzzlesolver.numeric.refine import excess, levenberg_marquardt, roots_among, row_weights
from puzzlesolver.numeric.residual import Evaluation, Residual
from puzzlesolver.numeric.templates import NotComputable, compile_expressions
from puzzlesolver.problem import Problem


@np.errstate(all="ignore")  # overflow and nan are dealt with where they matter
def search(problem: Problem, *, seed: int, starts: int, deadline: float, known: int | None = None) -> Candidates:
    """Real roots of the problem's equations within the unknowns' domains, by multistart Nadam and second-order polish.

    `problem` is unrolled; its conditions are not looked at. `starts` points begin the first round, `deadline` is a
    `time.monotonic()` stamp, `known` a number of roots at which to stop. Never raises on what the numbers do: an
    expression the engine cannot evaluate is a reason, too. The same input and seed give the same answer.
    """
    try:
        program = compile_expressions(problem.symbols, [(e.lhs, e.rhs) for e in problem.equations])
    except NotComputable as error:
        return nothing_found(problem.symbols, error.reason)
    if not program.unknowns or not program.residuals:
        return nothing_found(problem.symbols, Why.NOTHING_TO_SEARCH())
    harvest = Harvest(program.unknowns)
    residual = Residual(program)
    box, rng = SearchBox.around(problem.unknowns), np.random.default_rng(seed)
    if program.unknowns > limits.DENSE_UNKNOWNS or program.residuals > limits.DENSE_RESIDUALS:
        from puzzlesolver.numeric.large import hunt_large  # loads SciPy's sparse matrices

        points, reason = hunt_large(residual, box, rng, deadline, harvest)
    else:
        hunt = _Hunt(residual, box, rng, deadline, harvest)
        reason = hunt.run(starts, known)
        points = hunt.roots.points
    if box.is_discrete and len(points):
        # the search knew nothing of whole numbers: what remains is what is still a root when rounded
        rounded = np.unique(box.rounded(points), axis=0)
        points = rounded[excess(residual.evaluate(rounded)) <= 1.0]
        reason = reason if len(points) else Why.NO_WHOLE_ROOT(reason)
    return harvest.candidates(problem.symbols, residual, points, reason)


class _Hunt:
    """One search: rounds of starts, and what they have brought so far."""

    def __init__(
        self, residual: Residual, box: SearchBox, rng: np.random.Generator, deadline: float, harvest: Harvest
    ) -> None:
        self.residual, self.box, self.rng, self.deadline, self.harvest = residual, box, rng, deadline, harvest
        self.roots = Roots.none(residual.unknowns)
        self.new = 0

    def run(self, starts: int, known: int | None) -> Reason:
        """Rounds until there is a reason to stop; returns it."""
        while True:
            new = self._round(starts if self.harvest.rounds < 2 else max(starts, self._wide()))
            reason = self._reason_to_stop(new, known)
            if reason:
                return reason

    def _wide(self) -> int:
        size = max(self.residual.residuals * self.residual.unknowns, 4 * self.residual.program.references)
        return int(np.clip(limits.LARGEST_BATCH // size, 64, limits.WIDE))

    def _round(self, count: int) -> int:
        """One round; returns how many new isolated roots it found.

        Half of a later round's starts go without Nadam: what attracts them differs, and so does what they find.
        """
        self.harvest.rounds += 1
        residual, box = self.residual, self.box
        points, at = self._finite(self._drawn(count))
        self.harvest.starts += len(points)
        walking = len(points) if self.harvest.rounds <= 2 else len(points) // 2
        merit = Merit(row_weights(at[:walking]) ** 2)
        walked, _ = descend(residual, points[:walking], merit, box, self.deadline)
        self.harvest.nadam.see(walked, residual.evaluate(walked).loss)
        new = self._follow(np.concatenate([walked, points[walking:] if self.harvest.rounds > 2 else points[:8]]))
        if self.harvest.rounds > 2 and len(self.roots.points) and time.monotonic() < self.deadline:
            # what is bred from roots finds relatives of theirs and says nothing of how many are unseen
            bred, _ = self._finite(breed(self.rng, count // 2, box, self.roots.points))
            self.harvest.starts += len(bred)
            new += self._follow(bred, counting=False)
        return new

    def _follow(self, points: FloatArray, *, counting: bool = True) -> int:
        """Polish the points and take in the roots they end at; returns how many isolated ones are new."""
        residual, box = self.residual, self.box
        weights = row_weights(residual.evaluate(points))
        ends = levenberg_marquardt(residual, points, weights, box, self.deadline)
        at = residual.evaluate(ends)
        self.harvest.best.see(ends, at.loss)
        late = time.monotonic() > self.deadline
        ends = ends[excess(at) <= 1.0] if late else roots_among(residual, ends, box)
        return self.roots.add(residual, ends, box, counting=counting)

    def _drawn(self, count: int) -> FloatArray:
        """Twice `count` starting points, in the first round with the guesses among them."""
        points = draw(self.rng, 2 * count, self.box)
        if self.harvest.rounds == 1:
            points[0] = first_start(self.box, points[0])
        return points

    def _finite(self, points: FloatArray) -> tuple[FloatArray, Evaluation]:
        """The better half of the points: those first at which the residual is a number."""
        evaluation = self.residual.evaluate(points)
        order = np.argsort(~np.isfinite(evaluation.loss), kind="stable")[: (len(points) + 1) // 2]
        return points[order], evaluation[order]

    def _reason_to_stop(self, new: int, known: int | None) -> Reason | None:
        roots = self.roots
        if known is not None and roots.isolated >= known:
            return Why.KNOWN_ROOTS(known)
        if time.monotonic() > self.deadline:
            return Why.DEADLINE()
        linear = self.residual.program.structure == (("sum", 1),)
        if linear and roots.isolated:
            return Why.LINEAR_EQUATIONS()
        chance, missing = roots.unseen()
        if roots.is_family and (linear or roots.isolated == 0 or (new == 0 and chance < 0.05)):
            return Why.LOW_RANK()
        before, self.new = self.new, new
        settled = new == 0 and (before == 0 or self.residual.unknowns <= 2) and self.harvest.rounds >= 2
        if settled and len(roots.points) and chance < 0.02 and missing < 0.5:
            return Why.NOTHING_NEW()
        if self.harvest.rounds >= 4 and roots.isolated > limits.MANY and new > 0.7 * before:
            return Why.ROOTS_KEEP_COMING()
        if linear and self.harvest.rounds >= 2:
            return Why.NO_LINEAR_ROOT()
        if self.harvest.rounds >= limits.BARREN_ROUNDS and not len(roots.points):
            return Why.NO_ROOT()
        size = 4 * self.residual.program.references + self.residual.residuals * self.residual.unknowns**2 // 10
        work = self.harvest.starts * size
        if self.harvest.rounds >= limits.ROUNDS or work > (limits.WORK if known is None else limits.COMPARING):
            return Why.BUDGET()
        return None
