"""The answer as people read it: what was asked, the solutions, whether they are all, and why to believe it.

In: a `SolutionSet`. Out: text of which every byte follows from the problem and the options, so that it can be compared:
no times, no step counts, no floating-point noise. With `verbose` those follow below (`details`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sympy import Symbol

from puzzlesolver.answer.reasons import Why
from puzzlesolver.answer.solution import Solution, SolutionSet, Status, Value
from puzzlesolver.arithmetic.decimals import decimal_of_float
from puzzlesolver.problem import Origin
from puzzlesolver.problem.notation import notation
from puzzlesolver.report.conditions import case_text, condition_texts
from puzzlesolver.report.givens import given_tables
from puzzlesolver.report.layout import aligned
from puzzlesolver.report.regions import region_lines
from puzzlesolver.report.sets import set_lines
from puzzlesolver.report.solutions import EVIDENCE_WORDS, INDENT, LINE_WIDTH, MOST_VALUES, block, grid, grids, listed
from puzzlesolver.report.terminal import padded, width
from puzzlesolver.report.values import ABOUT, asked, relation, statement
from puzzlesolver.showing import NOTHING_FOUND

STATISTIC_DIGITS = 4
MOST_REASONS = 8


def report_text(answer: SolutionSet, *, verbose: bool = False) -> str:
    """The report, without a line end at its end."""
    return "\n".join(
        part for part in (report_head(answer, verbose=verbose), report_tail(answer, verbose=verbose)) if part
    )


def report_head(answer: SolutionSet, *, verbose: bool = False) -> str:
    """What was asked, the solutions, and the proof: all that a proved answer says before the numeric search is done."""
    asked, solutions, proof = list(_answers(answer)), list(_solutions(answer, verbose)), list(_proof(answer))
    # The claim and the reason to believe it stay together; only grids and what was asked stand apart.
    return _joined([*asked, *([""] if asked and solutions else []), *solutions, *proof])


def report_tail(answer: SolutionSet, *, verbose: bool = False) -> str:
    """The rest: whether the numeric search agrees, and what is left open. With `verbose` the details follow."""
    return _joined([*_doubts(answer), *(["", *details(answer)] if verbose else [])])


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(line.rstrip() for line in lines)


# --- what was asked ---------------------------------------------------------------------------------------------------


def _answers(answer: SolutionSet) -> Iterator[str]:
    for item in (*answer.answers, *([answer.best] if answer.best is not None else [])):
        yield f"{asked(item.ask)} {relation(item.value, answer.digits)}"


# --- the solutions ----------------------------------------------------------------------------------------------------


def _solutions(answer: SolutionSet, verbose: bool) -> Iterator[str]:
    match answer.status:
        case Status.ANSWERED:
            return
        case Status.NONE:
            yield f"no {_noun(answer)}"
            yield from _conflict(answer)
        case Status.BEST_FIT:
            yield from _best(answer)
        case Status.INFINITE:
            yield from _families(answer)
        case Status.UNDECIDED:
            yield NOTHING_FOUND.replace("found", "proved") if answer.candidates else NOTHING_FOUND
        case Status.UNIQUE | Status.FINITE:
            yield _headline(answer)
            yield from grids(answer, answer.solutions)
            yield from listed(answer, answer.solutions, verbose)
    yield from (f"{INDENT}if {case_text(case)}" for case in answer.conditions)
    if answer.candidates:
        yield f"{'a candidate' if len(answer.candidates) == 1 else 'candidates'}, of which nothing is proved:"
        yield from listed(answer, answer.candidates, verbose)


def _noun(answer: SolutionSet, count: int = 1) -> str:
    problem = answer.problem
    domains = [unknown.domain for unknown in problem.unknowns] + [array.domain for array in problem.arrays]
    whole = bool(domains) and all(domain.integer for domain in domains)
    return ("" if whole else "real ") + ("solution" if count == 1 else "solutions")


def _headline(answer: SolutionSet) -> str:
    count = len(answer)
    if answer.problem.targets is not None:
        names = ", ".join(sorted(_parameters(answer)))
        return f"{count} {'solution' if count == 1 else 'solutions'} in terms of {names}"
    if answer.complete:
        return f"exactly {'one' if count == 1 else count} {_noun(answer, count)}"
    if answer.is_open_for(Why.STOPPED_AT_LIMIT):
        return f"at least {count} {_noun(answer, count)}"
    kinds = {solution.evidence for solution in answer}
    words = EVIDENCE_WORDS[kinds.pop()] if len(kinds) == 1 else "each exact or certified"
    regions = len(answer.undecided_boxes)
    rest = f"{regions} {'region' if regions == 1 else 'regions'} undecided" if regions else "others may exist"
    return f"{'one' if count == 1 else count} {_noun(answer, count)}, {words}; {rest}"


def _parameters(answer: SolutionSet) -> set[str]:
    symbols: set[Symbol] = set()
    for equation in answer.problem.equations:
        symbols |= equation.symbols
    return {str(symbol) for symbol in symbols.difference(answer.problem.targets or ())}


# --- infinitely many --------------------------------------------------------------------------------------------------


def _families(answer: SolutionSet) -> Iterator[str]:
    """Families first, in the order given, then the isolated points beside them."""
    sets = set_lines(answer) if answer.complete else None
    if sets is not None:
        yield f"infinitely many {_noun(answer, 2)}"
        yield from (INDENT + line for line in sets)
        return
    families = [solution for solution in answer if solution.parameters]
    points = [solution for solution in answer if not solution.parameters]
    if not families:
        yield f"infinitely many {_noun(answer, 2)}{', among them' if points else ''}"
        yield from listed(answer, points, verbose=False)
        return
    count = f", in {len(families)} families" if len(families) > 1 else ""
    yield f"infinitely many {_noun(answer, 2)}{count}"
    if len(families) > 1 and all(_is_progression(family) for family in families):
        yield from _progressions(answer, families)
    else:
        for family in families:
            if len(families) > 1:
                yield ""
            yield from _family(answer, family)
    if points:
        yield f"and {'one more solution' if len(points) == 1 else f'{len(points)} more solutions'}"
        yield from listed(answer, points, verbose=False)


def _is_progression(family: Solution) -> bool:
    """Whether it is one unknown's values for every whole number, and nothing else."""
    return len(family.values) == 1 and not family.free and not family.conditions


def _progressions(answer: SolutionSet, families: Sequence[Solution]) -> Iterator[str]:
    rows = []
    for family in families:
        ((name, value),) = family.values.items()
        example = "" if value.sample is None else f"for example {_sample_statement(name, value, answer.digits)}"
        rows.append([f"{name} {relation(value, answer.digits)}", example])
    yield from (INDENT + line for line in aligned(rows, "<", gap="   "))
    names = dict.fromkeys(str(symbol) for family in families for symbol in family.integer_parameters)
    yield f"for every whole number {', '.join(names)}"


def _sample_statement(name: str, value: Value, digits: int) -> str:
    return statement(name, Value(value.sample, value.approximation), digits)


def _family(answer: SolutionSet, family: Solution) -> Iterator[str]:
    free = {str(symbol) for symbol in family.free}
    bound = [name for name in family.values if not _is_itself(name, family[name])]
    widest = max(map(width, bound), default=0)
    for name in bound:
        yield f"{INDENT}{padded(name, widest)} {relation(family[name], answer.digits)}"
    loose = [name for name in family.values if _is_itself(name, family[name])]
    loose += sorted(free.difference(family.values))
    if loose:
        yield f"{INDENT}{', '.join(loose)} free"
    if family.integer_parameters:
        names = ", ".join(str(symbol) for symbol in family.integer_parameters)
        yield f"{INDENT}for every whole number {names}"
    yield from (f"{INDENT}where {condition}" for condition in condition_texts(family.conditions))
    if answer.problem.layout is None:
        yield from (INDENT + line for line in region_lines(family, answer.digits))
    if all(value.sample is not None for value in family.values.values()):
        yield from _sample(answer, family)


def _is_itself(name: str, value: Value) -> bool:
    return isinstance(value.exact, Symbol) and value.exact.name == name


def _sample(answer: SolutionSet, family: Solution) -> Iterator[str]:
    if answer.problem.layout is not None:
        yield "for example"
        for line in grid(answer.problem.layout, family, answer.digits):
            yield INDENT + line
        return
    if len(family.values) > MOST_VALUES:
        return
    text = ", ".join(_sample_statement(name, value, answer.digits) for name, value in family.values.items())
    if width(text) <= LINE_WIDTH:
        yield f"{INDENT}for example {text}"


# --- none, and the best there is --------------------------------------------------------------------------------------


def _conflict(answer: SolutionSet) -> Iterator[str]:
    conflict = answer.conflict
    if conflict is None:
        return
    if conflict.lines:
        yield "these cannot hold together:" if len(conflict.lines) > 1 else "this cannot hold:"
        yield from _quoted(conflict.lines)
    if conflict.compromise:
        values = [statement(name, value, answer.digits) for name, value in conflict.compromise.items()]
        text = ", ".join(values)
        yield "nearest by least squares, and no solution:"
        if len(text) <= LINE_WIDTH:
            yield INDENT + text
        else:
            yield from (INDENT + value for value in values[:MOST_VALUES])


def _quoted(lines: Sequence[Origin]) -> Iterator[str]:
    widest = max(len(str(origin.line)) for origin in lines)
    for origin in lines:
        where = f"line {origin.line:>{widest}}: " if origin.line else ""
        yield f"{INDENT}{where}{' '.join(origin.text.split())}"


def _best(answer: SolutionSet) -> Iterator[str]:
    fit, objective = answer.problem.fit, answer.problem.objective
    if fit is not None:
        rows = fit.data.rows
        yield f"best fit of {notation(fit.output)} = {notation(fit.model)} to {rows} rows"
        for solution in answer:
            yield from _estimates(answer, solution)
        if answer.fit is not None:
            yield from _goodness(answer)
    elif objective is not None:
        best = f"{'greatest' if objective.maximize else 'least'} value"
        yield f"{best if answer.complete else 'best value found'} of {notation(objective.expression)}"
        for solution in answer:
            yield from block(answer, solution, verbose=False)


def _estimates(answer: SolutionSet, solution: Solution) -> Iterator[str]:
    errors = answer.fit.standard_errors if answer.fit is not None else {}
    widest = max(map(width, solution.values), default=0)
    for name, value in solution.values.items():
        error = errors.get(name)
        margin = "" if error is None else f" ± {_statistic(error)}"
        yield f"{INDENT}{padded(name, widest)} {relation(value, answer.digits)}{margin}"


def _goodness(answer: SolutionSet) -> Iterator[str]:
    fit = answer.fit
    assert fit is not None
    if any(error is not None for error in fit.standard_errors.values()):
        yield "± is the standard error"
    parts = [f"residual sum of squares {_statistic(fit.residual_sum_of_squares)}"]
    freedom = fit.degrees_of_freedom
    parts.append(f"{freedom} {'degree' if freedom == 1 else 'degrees'} of freedom")
    if fit.residual_standard_deviation is not None:
        parts.append(f"residual standard deviation {_statistic(fit.residual_standard_deviation)}")
    if fit.r_squared is not None:
        parts.append(f"R² = {decimal_of_float(fit.r_squared, 6)}")
    yield ", ".join(parts)


def _statistic(value: float) -> str:
    return decimal_of_float(value, STATISTIC_DIGITS)


# --- why to believe it ------------------------------------------------------------------------------------------------


def _proof(answer: SolutionSet) -> Iterator[str]:
    if answer.complete and answer.proof:
        yield f"{'proved' if answer.status is Status.NONE else 'complete'}: {answer.proof}"
    elif answer.proof and answer.status is Status.INFINITE:
        yield f"proved: {answer.proof}"
    indexed = {family.template.origin for family in answer.problem.families}
    for origin in dict.fromkeys(answer.redundant):
        where = f" (line {origin.line})" if origin.line else ""
        one = "one case of " if origin in indexed else ""
        yield f"{one}{' '.join(origin.text.split())}{where} follows from the others"


def _doubts(answer: SolutionSet) -> Iterator[str]:
    if answer.engines.agree:
        yield "the numeric search agrees"
    elif answer.engines.agree is False:
        yield "the numeric search does not agree with this in every point (--verbose tells where)"
    open_question = {
        Status.FINITE: "completeness not proved",
        Status.INFINITE: "completeness not proved",
        Status.BEST_FIT: "not proved to be the best",
    }.get(answer.status, "reason")
    if answer.complete or answer.proof:
        open_question = "note"
    if len(answer.reasons) == 1:
        yield f"{open_question}: {answer.reasons[0]}"
    elif answer.reasons:
        yield f"{open_question}:"
        yield from (f"{INDENT}{reason}" for reason in answer.reasons[:MOST_REASONS])
        if len(answer.reasons) > MOST_REASONS:
            yield f"{INDENT}… and {len(answer.reasons) - MOST_REASONS} more"


MOST_CANDIDATES = 40
MOST_UNKNOWNS = 12


def details(answer: SolutionSet) -> Iterator[str]:
    """What was given of the tables, then the stages of the solve."""
    yield from given_tables(answer)
    engines = answer.engines
    yield f"exact engine: {engines.method or 'not run'}"
    if engines.optimizer is None:
        yield "numeric engine: not run"
    else:
        loss = "" if engines.loss is None else f", least loss {engines.loss:.3g}"
        yield f"numeric engine: {engines.optimizer}, {engines.starts} starts{loss}, seed {answer.seed}"
        if engines.nadam is not None:
            yield f"{INDENT}Nadam found {_point(engines.nadam, answer.digits)}"
        shown = engines.candidates[:MOST_CANDIDATES]
        for point in shown:
            yield f"{INDENT}after the polish {_point(point, answer.digits)}"
        if len(shown) < len(engines.candidates):
            yield f"{INDENT}… and {len(engines.candidates) - len(shown)} more"
    for item in answer.answers:
        if item.tape is not None:
            yield f"TensorFlow's own figure for {asked(item.ask)}: {item.tape!r}"
    if engines.ledger:
        yield "comparison:"
        yield from (INDENT + line for line in engines.ledger)
    if answer.undecided_boxes:
        yield "regions undecided:"
        for box in answer.undecided_boxes[:MOST_CANDIDATES]:
            ends = (f"{name} in [{float(low):.9g}, {float(high):.9g}]" for name, (low, high) in box.items())
            yield INDENT + ", ".join(ends)
    if answer.seconds:
        yield "seconds: " + ", ".join(f"{stage} {seconds:.3f}" for stage, seconds in answer.seconds.items())


def _point(point: Mapping[str, float], digits: int) -> str:
    values = [f"{name} {ABOUT} {decimal_of_float(value, digits)}" for name, value in point.items()]
    if len(values) > MOST_UNKNOWNS:
        values = [*values[: MOST_UNKNOWNS // 2], "…", *values[-MOST_UNKNOWNS // 2 :]]
    return ", ".join(values)
