"""Why something was left open: a code, whose sentence the report writes, and the details that fill it in.

Reasons are made by calling a member of `Why` with the details, ``Why.MOST_BOXES(4000)``, and compared by their code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Any


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason. A detail may be a number, an expression, a name, or the reason behind this one."""

    why: Why
    details: tuple[Any, ...] = ()

    def __str__(self) -> str:
        try:
            return self.why.value.format(*self.details)
        except ValueError:  # a number of more digits than Python prints
            return re.sub(r"{.*?}", "…", self.why.value)


class LeftOpen(Exception):
    """Raised where a step cannot go on, with the reason for it."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class Why(Enum):
    """Everything that may be left open, each with its sentence."""

    def __call__(self, *details: Any) -> Reason:
        return Reason(self, details)

    # The whole answer

    INTERRUPTED = "interrupted"
    INTERNAL_ERROR = "internal error: {}"
    OUT_OF_SCOPE = "{}"
    NO_SINGLE_VALUE = "{}: no single value is known"
    OTHER_VALUE = "{}: TensorFlow computes {:.15g}, which is another value"
    UNLISTED_COMBINATIONS = "{} combinations of the solutions of {} independent parts: not listed"

    # Worker processes

    EXACT_ENGINE = "exact engine: {}"
    INTERVAL_SEARCH = "interval search: {}"
    NUMERIC_ENGINE = "numeric engine: {}"
    DEADLINE_FIRST = "the deadline came first"
    CANCELLED = "cancelled"
    OUT_OF_MEMORY = "out of memory"
    FAILED = "{}: {}"
    NOT_SENT = "cannot be sent: {}: {}"
    NOT_READ = "the answer cannot be read: {}: {}"
    DIED = "the worker process died of {}"
    ENDED = "the worker process ended with exit status {}"
    GONE = "the worker process ended"

    # The two engines side by side

    LATE_TENSORFLOW = "TensorFlow was not loaded before the deadline"
    NO_TENSORFLOW = "TensorFlow cannot be loaded"
    UNTESTED_CANDIDATES = "not every candidate was tested before the deadline"
    TOO_MANY_UNKNOWNS = "{} unknowns are too many for an exhaustive search"
    NO_NUMERIC_METHOD = "solving in terms of other names has no numeric method"
    UNDECIDED_CONDITIONS = "a solution of the equations near {} may or may not fulfil the conditions"
    ENGINES_DISAGREE = "the engines disagree: a certified solution near {} is not in the exact list"
    LISTS_DIFFER = "the interval search and the list of solutions do not match"
    OTHER_ESTIMATE = "the numeric estimate is not the exact least-squares solution"
    BETTER_FIT = "the model is not linear in its parameters: a better fit elsewhere is not excluded"
    BETTER_VALUE = "a better value elsewhere is not excluded"
    BEST_NOT_ADMITTED = "the search ends at a point that the domains or conditions do not admit"
    OPEN_END = "the search ends at an open end, where the best value is not reached"

    # The interval search

    NOT_UNROLLED_BOXES = "the indexed statements are not written out"
    NO_UNKNOWNS = "there are no unknowns"
    FEW_EQUATIONS = "there are fewer equations than unknowns"
    TIME_UP = "the time was up"
    MOST_BOXES = "more than {} boxes"
    MANY_SOLUTIONS = "more than {} solutions"
    SMALL_BOXES = "too many small boxes stay undecided: perhaps a curve of solutions"
    UNSETTLED = "not every small box was looked at a second time, beyond {:,} balls"
    UNBOUNDED = "unbounded: {}"
    ONE_PERIOD = "only those for {} from 0 to {} are listed"
    FIRST_FEW = "only those for {} from {:.6g} to {:.6g} are listed"
    SOME_OF_FIRST_FEW = "only some of those for {} from {:.6g} to {:.6g} are listed"

    # The numeric search

    NOTHING_TO_SEARCH = "there is nothing to search"
    NOTHING_BOUNDED = "there is nothing bounded to search"
    NOTHING_TO_FIT = "there is nothing to fit"
    MANY_STATEMENTS = "too many statements for the relaxed search"
    NO_NUMBER = "the model gave no number at any start"
    NO_NUMBER_WEIGHT = "a weight is no number"
    DEEP_NEST = "an expression is nested too deeply"
    NO_UNKNOWN = "'{}' is no unknown"
    UNKNOWN_FUNCTION = "'{}' is unknown to the numeric engine"
    UNKNOWN_ARITY = "'{}' with {} arguments"
    NO_ORDINARY_NUMBER = "'{}' is no real number of ordinary size"
    NO_WHOLE_ROOT = "no root among whole numbers; {}"
    KNOWN_ROOTS = "all {} known roots found"
    DEADLINE = "deadline"
    LINEAR_EQUATIONS = "the equations are linear"
    LOW_RANK = "infinitely many roots: the Jacobian's rank is too small"
    NOTHING_NEW = "new rounds find nothing new"
    ROOTS_KEEP_COMING = "roots keep coming: there may be infinitely many"
    NO_LINEAR_ROOT = "no root of the linear equations found"
    NO_ROOT = "budget: no root found"
    BUDGET = "budget"
    BARREN_ROUNDS = "rounds without a new solution"
    PROVED = "the answer is proved"
    MINIMUM = "minimum reached"
    NO_MINIMUM = "no minimum reached"
    NO_BOUND = "the objective seems to have no bound"

    # The exact engine

    NOT_UNROLLED = "indexed statements are not written out"
    SIMPLER_UNDECIDED = "a simpler problem is not decided"
    NOT_PROVED_ALL = "no method here proves that closed forms are all"
    NOT_PUT_BACK_POLYNOMIAL = "a solution of the polynomial form could not be put back into the problem"
    NOT_PUT_BACK_STEPS = "a solution found step by step could not be put back into the problem"
    NO_COMMON_FORM = "roots of several independent parts have no common closed form"
    NOT_DECIDED_EQUATION = "whether an equation holds at {} is not decided"
    NOT_DECIDED_FOR = "not decided for {}"
    NOT_WITHIN_STEPS = "{}: not solved within {:,} steps"
    LINES_NOT_SPARED = "which lines can be spared was not looked at beyond {:,} steps"
    ANGLES_UNWORKED = "angles of a family, or without closed forms, are not worked out"
    QUADRANT = "the quadrant of an angle is not decided"
    WHOLE_ANGLES = "angles that are whole numbers are not worked out"
    TURNS = "how many turns a domain admits is not decided"
    MANY_TURNS = "more than {} turns are not listed"
    ANGLE_NOT_PUT_BACK = "an angle found could not be put back into the problem"

    # Linear systems

    NOT_LINEAR = "not linear: {}"
    NOT_ZERO_OR_NOT = "a coefficient could not be told from zero"
    IRRATIONAL_FAMILY = "whole numbers in a family with irrational coefficients: not decided"
    NOT_DECIDED_PART = "which part of the family keeps the conditions is not decided"
    FAMILY_NOT_PUT_BACK = "a family of solutions could not be put back into the problem"
    WHOLE_ELSEWHERE = "whole-number solutions in {} unknowns are left to other methods"
    NOT_DECIDED_ONLY_POINT = "whether the only solution of the equations keeps the conditions is not decided"
    NOT_DECIDED_BETWEEN = "whether the only point between the bounds is a solution is not decided"
    MEMBERS_UNTRIED = "the members of the domain of {} are not tried one by one"
    MANY_CONDITIONS = "more than {} conditions on a family are left to other methods"
    NOT_DECIDED_WHOLE = "which whole numbers {} keep the bounds is not decided"
    WHOLE_PARAMETERS = "whole-number solutions in {} parameters are left to other methods"
    WHOLE_POINTS_UNTRIED = "more whole-number points than can be tried one by one are left to other methods"
    MANY_WHOLE_POINTS = "more than {} whole-number points are left to other methods"
    NOT_DECIDED_INFINITELY = "whether infinitely many whole numbers keep the conditions is not decided"
    NOT_DECIDED_MEETS = "whether the family meets {} is not decided"
    EQUATIONS_FAMILY_NOT_PUT_BACK = "a family of solutions of the equations could not be put back into the problem"
    NO_FIT_UNDER_EQUATIONS = "a fit under equations has no closed form here"
    MUCH_DATA = "the data are too many for exact arithmetic"
    MODEL_NOT_LINEAR = "no closed form: the model is not linear in its parameters"
    MODEL_NOT_RATIONAL = "no closed form: the model's functions of the data are not rational numbers"
    NEGATIVE_WEIGHT = "a weight is negative"
    DATA_RANK = "the data do not determine the parameters: rank {} of {}"
    FIT_BREAKS_CONDITION = "the best fit breaks a condition or a domain"

    # Polynomial systems

    NOT_POLYNOMIAL = "not a polynomial equation: {}"
    MANY_UNKNOWNS = "{} unknowns are too many for elimination"
    GROEBNER_BASIS = "Gröbner basis: {}"
    CHECK_FAILED = "a check of the exact solution failed: {}"
    NOT_DECIDED = "not decided: {}"
    DIVIDES_BY_ZERO = "{} divides by zero at a solution"
    SIGN = "the sign of {} at a solution"
    NO_PRIME = "no prime of the list followed the exact elimination"
    PRIME_DIVIDES = "the prime divides a leading coefficient"
    PRIME_LEADS_ELSEWHERE = "other leading monomials than modulo the prime"
    LARGE_DEGREES = "the degrees grew too large"
    LARGE_MATRICES = "the matrices grew too large"
    LARGE_COEFFICIENTS = "the coefficients grew too large"
    LARGE_DEGREE = "an equation of degree {}"
    MANY_COMPLEX_SOLUTIONS = "more than {} complex solutions"
    MULTIPLE_SOLUTIONS = "the multiple solutions could not be told apart"
    SOLUTION_FAILS = "a solution does not satisfy the equations"
    COUNTS_DIFFER = "Hermite's form and the isolated roots disagree"
    FAMILY_FAILS = "a family does not satisfy the equations"
    INFINITELY_MANY_COMPLEX = "infinitely many complex solutions"
    MANY_CASES = "too many cases"
    LONG_FAMILY = "a family of solutions that is too long to be written down"
    FAMILY_CONDITIONS = "a family of solutions of the equations, not known to meet the conditions on it"
    NOT_SEPARATED = "a finite part of the solutions could not be separated"
    NOT_RESOLVED = "a component of the solution set that is not resolved by radicals of one unknown"
    LISTED_ON_FAMILY = "{} takes whole or listed values only, on a family of solutions"

    # One unknown

    NOT_DECIDED_MEMBERS = "which members of {} = {} are solutions is not decided"
    PARAMETER_RANGE = "the range of {} is not decided"
    PARAMETER_RANGE_IN = "the range of {} in {} = {} is not decided"
    MANY_BORDERS = "the places where a condition on {} may begin or end to hold are not all known"
    NOT_DECIDED_PIECE = "whether the conditions hold at {} = {} is not decided"
    MANY_MEMBERS = "{} solutions {} = {} are too many to list"
    NOT_DECIDED_SOLUTION = "whether {} = {} is a solution is not decided"
    LARGE_VALUE = "{} is too large to be compared"
    NOT_DECIDED_TWIN = "whether {} is another solution than {} is not decided"

    # Whole numbers

    STOPPED_AT_LIMIT = "there are more: the search stopped after {} (--limit)"
    WINDOW = "where nothing bounds a whole number, only {} to {} were searched"
    MUCH_WORK = "whole numbers: {} would take too long"
    NOT_DECIDED_POINT_CONDITIONS = "whether a point keeps the conditions is not decided"
    FAMILY_MEMBERS = (
        "which members of an infinite family keep the other statements is not decided; the first are listed"
    )
    UNMODELLED = "whole numbers: {}"
    UNMODELLED_AND_MANY = "whole numbers: {}, and too many values to try"
    UNFINISHED = "the search of all combinations did not end before the deadline"
    UNFINISHED_WORK = "the search of all combinations did not end within {:g} units of work"
    UNFINISHED_LINES = "the search for fewer lines that contradict each other did not end"
    UNFINISHED_BEST = "the search for the best value did not end before the deadline"
    UNFINISHED_SECOND = "a second search, with the solution excluded, did not end"
    SEARCHES_CONTRADICT = "two searches contradict each other"
    POINT_FAILS = "a point of the finite search does not solve the puzzle as written"
    NOT_DECIDED_POINT = "whether a point of the finite search solves the puzzle as written is not decided"
    EXCHANGED_ORBIT = "an orbit with its unknowns exchanged"
    FACTORS = "the factors of a number of many digits"
    LARGE_ELLIPSE = "the points of a large ellipse"
    RESIDUES = "the residue classes of a large number"
    MANY_FAMILIES = "very many families"
    LARGE_UNIT = "the unit of a large discriminant"
    PELL_BOUNDS = "the solutions within the bounds of Pell's equation"
    UNIT_POWERS = "the powers of a unit by a large modulus"
    LARGE_NUMBERS = "numbers beyond 64 bits"
    LARGE_PRODUCT = "a product beyond 64 bits"
    LARGE_OBJECTIVE = "an objective beyond 64 bits"
    DIVISION = "a division by what may be negative or zero"
    NO_WHOLE_FORM = "no whole-number form for {}"
    NO_WHOLE_FORM_IN = "no whole-number form in {}"
    IS_QUOTIENT = "{} is a quotient"
    QUOTIENT_DIFFERENCES = "differences of quotients"
    QUOTIENT_EXTREMES = "the greatest or least of quotients"
    TABLE_TOO_LARGE = "too many combinations of {}"
    NO_VALUE_SOMEWHERE = "{} cannot be worked out everywhere"
    IRRATIONAL_VALUES = "{} has values that are not rational"
    REFUSED_MODEL = "a model that CP-SAT refuses"

    # Least and greatest values, and solving for

    CONSTRAINTS_NOT_LINEAR = "the constraints are not all linear: the best value is not proved"
    OBJECTIVE_GAPS = "the objective may have gaps or kinks: the best value is not proved"
    STATIONARY_UNKNOWN = "the stationary points are not all known one by one"
    STATIONARY_NO_FORM = "a stationary point has no closed form to compare"
    STATIONARY_BOUNDS = "whether a stationary point keeps the bounds is not decided"
    BEST_MAY_NOT_EXIST = "no best value is proved: it may not be reached, or be infinite"
    BEST_NOT_REACHED = "that a best value is reached is not proved"
    NO_EQUATION = "there is no equation to solve"
    DOMAINS_OF_SYMBOLS = "with other names as symbols, domains are not decided"
    NOT_RATIONAL = "the equations are not rational in what is to be solved for"
    CASES_OF_SYMBOLS = "some cases of the symbols are not decided"

    # Steps

    NO_STEPS = "steps are explained for puzzles over finitely many values, and this is none"
    STEPS_NEED_FINITE = "steps are explained where every unknown has finitely many values, which is not so here"
    MANY_VALUES = "the unknowns have more than {} values, too many for steps"
