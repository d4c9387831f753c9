"""The command ``puzzlesolve``: arguments, files, exit status. The only place that prints.

In: a command line. Out: answers on standard output, mistakes and warnings on standard error, and the exit status
0 answered · 1 proved to have no solution · 2 wrong input · 3 undecided · 4 not written · 130 interrupted; of several,
the largest.
Solvers are loaded only when there is something to solve: ``--help``, ``--check`` and a rejected file stay quick.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from puzzlesolver.errors import Diagnostic, MeaningMistake, PuzzleError, Severity
from puzzlesolver.options import Method, Options
from puzzlesolver.printing import is_colourful, say, say_json, say_mistakes, say_report, say_summary
from puzzlesolver.showing import (
    ANSWERED,
    INTERRUPTED,
    NONE,
    NOTHING_FOUND,
    UNDECIDED,
    UNWRITTEN,
    WRONG_INPUT,
    Manner,
    Printed,
    Puzzle,
    Rejected,
    Shown,
    Warned,
)

if TYPE_CHECKING:
    from puzzlesolver.problem import Problem
    from puzzlesolver.solving.supervision import Supervised

SOLVE = "puzzlesolver.commands:solve_text"
FINISH = "puzzlesolver.commands:finish"

HELP = """Solve puzzles and systems of equations, written as on paper.

Each FILE holds one puzzle ('-' is standard input). The answer says what kind it is, why each solution
is to be believed, and whether the list is proved to be all.

\b
Examples:
  puzzlesolve examples/grid.txt
  puzzlesolve -e 'x^2 + y^2 = 25; x*y = 12'
  puzzlesolve --set g=1.62 --digits 30 fall.txt

\b
Exit status (of several files, the largest):
  0  answered: a solution, a family of solutions, a best fit
  1  proved to have no solution
  2  the input is wrong
  3  undecided
  4  the answer cannot be written
"""


@dataclass(frozen=True, slots=True)
class Input:
    """One puzzle of the command line: a file, or the text itself."""

    path: str | None
    text: str | None = None

    @property
    def name(self) -> str:
        """What messages call it."""
        return {None: "<text>", "-": "<stdin>"}.get(self.path, self.path or "")

    def read(self) -> Puzzle:
        """The puzzle's text; raises `PuzzleError` where there is none to be read."""
        from puzzlesolver.reading import read_stream, read_text

        if self.text is not None:
            return Puzzle(self.text, self.name)
        if self.path is None or self.path == "-":
            return Puzzle(read_stream(sys.stdin.buffer, self.name), self.name)
        return Puzzle(read_text(Path(self.path)), self.name, Path(self.path).resolve().parent)


@dataclass(frozen=True, slots=True)
class Errand:
    """What to do with each puzzle, and how to show what comes of it."""

    manner: Manner
    headed: bool
    """Whether each report stands under its puzzle's name."""

    check: bool = False
    verify: Path | None = None
    """A finished answer to check instead of solving."""

    explain: bool = False
    """Whether to show the steps of a solution by hand instead of solving."""


def _setting(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    settings = {}
    for value in values:
        name, equals, number = (part.strip() for part in value.partition("="))
        if not (name and equals and number):
            raise click.BadParameter(f"'{value}' is not of the form NAME=VALUE")
        settings[name] = number
    return settings


_defaults = Options()


@click.command(help=HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.argument("files", nargs=-1, metavar="FILE...")
@click.option("-e", "--text", "texts", multiple=True, metavar="TEXT", help="Solve TEXT; may be given several times.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a puzzle, each on its own line.")
@click.option(
    "--set", "settings", multiple=True, metavar="NAME=VALUE", callback=_setting, help="Replace the value of a 'let'."
)
@click.option(
    "--digits",
    type=click.IntRange(1, 10_000),
    default=_defaults.digits,
    show_default=True,
    metavar="N",
    help="Correct significant digits of decimals.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=_defaults.seed,
    show_default=True,
    metavar="N",
    help="Of the random starts.",
)
@click.option(
    "--starts",
    type=click.IntRange(1, 1_000_000),
    default=_defaults.starts,
    show_default=True,
    metavar="N",
    help="Points from which one round of the numeric search begins.",
)
@click.option(
    "--limit",
    type=click.IntRange(1, 1_000_000),
    default=_defaults.limit,
    show_default=True,
    metavar="N",
    help="Solutions of a puzzle in whole numbers that are listed.",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(0, min_open=True),
    default=_defaults.time_limit,
    show_default=True,
    metavar="SECONDS",
    help="For each puzzle.",
)
@click.option(
    "--method",
    type=click.Choice([method.value for method in Method]),
    default=_defaults.method.value,
    show_default=True,
    help="Both engines, compared, or one alone.",
)
@click.option(
    "--verify",
    type=click.Path(path_type=Path),
    metavar="ANSWER.json",
    help="Check this finished answer instead of solving: 0 confirmed, 1 refused, 3 not all proved again.",
)
@click.option("--explain", is_flag=True, help="Solve step by step, as by hand, each step with the line that it uses.")
@click.option("--make", type=click.Choice(["crossmath", "cryptarithm"]), help="Write a new puzzle instead of solving.")
@click.option("--size", type=click.IntRange(2, 5), metavar="N", help="Of the crossmath, 2 to 5; 3 unless given.")
@click.option("--words", type=click.Path(path_type=Path), metavar="FILE", help="For the cryptarithm, one word a line.")
@click.option("--check", is_flag=True, help="Read the puzzle and say what it asks; solve nothing.")
@click.option("--verbose", "-v", is_flag=True, help="Also what each engine found, the comparison, and the times.")
@click.version_option(package_name="puzzlesolver", message="%(prog)s %(version)s")
def command(
    files: tuple[str, ...],
    texts: tuple[str, ...],
    as_json: bool,
    settings: dict[str, str],
    digits: int,
    seed: int,
    starts: int,
    limit: int,
    time_limit: float,
    method: str,
    verify: Path | None,
    explain: bool,
    make: str | None,
    size: int | None,
    words: Path | None,
    check: bool,
    verbose: bool,
) -> int:
    inputs = [*(Input(file) for file in files), *(Input(None, text) for text in texts)]
    if make is not None:
        return _make(make, inputs, size, words, seed, as_json)
    if size is not None or words is not None:
        raise click.UsageError("--size and --words go with --make")
    if not inputs:
        raise click.UsageError("nothing to solve: give a FILE, '-' for standard input, or -e TEXT")
    if verify is not None and len(inputs) != 1:
        raise click.UsageError("--verify checks the answer to one puzzle")
    options = Options(
        settings=settings,
        digits=digits,
        seed=seed,
        starts=starts,
        limit=limit,
        time_limit=time_limit,
        method=Method(method),
    )
    manner = Manner(as_json, verbose, is_colourful(sys.stdout))
    errand = Errand(manner, headed=len(inputs) > 1, check=check, verify=verify, explain=explain)
    status = ANSWERED
    for one in inputs:
        status = max(status, run(one, options, errand))
        if status == INTERRUPTED:
            break
    return status


def run(one: Input, options: Options, errand: Errand) -> int:
    """Read, solve and show one puzzle; the exit status.

    A defect of this program's own leaves the puzzle undecided: an exit status of 1 would claim a proof.
    """
    try:
        if errand.check or errand.explain or errand.verify is not None:
            return _read_only(one, options, errand)
        return _solve(one, options, errand)
    except PuzzleError as error:
        say_mistakes(one.name, error.diagnostics, as_json=errand.manner.as_json)
        return WRONG_INPUT
    except OSError:  # nobody reads what is written, or it cannot be written
        raise
    except Exception:
        import traceback

        say(traceback.format_exc().rstrip(), sys.stderr)
        return UNDECIDED


def _read_only(one: Input, options: Options, errand: Errand) -> int:
    """What needs no engine: the reader's summary, a check of a finished answer, a solution by hand."""
    from puzzlesolver import language

    puzzle = one.read()
    problem = language.parse(puzzle.text, name=puzzle.name, settings=options.settings, folder=puzzle.folder)
    if not errand.manner.as_json:
        for warning in problem.warnings:
            say(warning, sys.stderr)
    if errand.check:
        say_summary(problem, as_json=errand.manner.as_json)
        return ANSWERED
    return _explain(one, problem, errand) if errand.verify is None else _verify(problem, errand.verify, options)


def _solve(one: Input, options: Options, errand: Errand) -> int:
    """Solve in another process, and print what it says as it comes."""
    from puzzlesolver.report.progress import Progress
    from puzzlesolver.solving.events import Doing
    from puzzlesolver.solving.supervision import Supervised, begin, solver

    begin(options)
    puzzle, manner, asked = one.read(), errand.manner, time.monotonic()
    solve = Supervised(solver(options).call(SOLVE, puzzle, options, manner, asked, channel=True))
    told: int | None = None
    events = solve.events()
    with Progress(sys.stderr) as progress:
        while True:
            try:
                for event in events:
                    match event:
                        case Doing():
                            progress.tell(event.words)
                        case Warned():
                            for line in event.lines:
                                say(line, sys.stderr)
                        case Printed():
                            told = event.status
                            progress.erase()
                            _say_headed(one, event.text, errand)
                break
            except KeyboardInterrupt:  # while something was printed
                solve.interrupt()
    outcome = solve.outcome
    shown = outcome.value if outcome.done else _given_up(solve, puzzle, options, manner, told)
    if isinstance(shown, Rejected):
        raise PuzzleError(*shown.diagnostics)
    if manner.as_json:
        say_json(shown.text)
    else:
        if shown.text is not None:
            _say_headed(one, shown.text, errand, is_first=told is None)
        if errand.headed:
            say("")
    return INTERRUPTED if solve.was_interrupted else shown.status


def _given_up(solve: Supervised, puzzle: Puzzle, options: Options, manner: Manner, told: int | None) -> Shown:
    """What to print where the process that solved was given up or died: what it had kept, and why there is no more.

    `told` is the exit status of the answer whose beginning is printed already.
    """
    from puzzlesolver.answer.reasons import Why
    from puzzlesolver.solving.limits import FINISHING
    from puzzlesolver.solving.supervision import solver

    reason = solve.reason
    if reason.why is Why.INTERNAL_ERROR:
        say(str(reason), sys.stderr)
    if told is not None:
        return Shown(f"note: {reason}", told)
    if solve.kept is not None:
        finish = solver(options).call(FINISH, manner, solve.kept, reason)
        outcome = finish.result(time.monotonic() + FINISHING)
        if outcome.done:
            shown: Shown = outcome.value
            return shown
    if not manner.as_json:
        return Shown(f"{NOTHING_FOUND}\nreason: {reason}", UNDECIDED)
    from puzzlesolver.answer.solution import SolutionSet, Status
    from puzzlesolver.problem import Problem
    from puzzlesolver.report.json import report_json

    return Shown(report_json(SolutionSet(Problem(name=puzzle.name), Status.UNDECIDED, reasons=(reason,))), UNDECIDED)


def _verify(problem: Problem, path: Path, options: Options) -> int:
    from puzzlesolver.verification import verify

    verification = verify(problem, _text_of(path), seconds=options.time_limit)
    say(str(verification))
    return verification.exit_status


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path}: cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}"
        raise MeaningMistake(Diagnostic(Severity.ERROR, message, None)) from None


def _explain(one: Input, problem: Problem, errand: Errand) -> int:
    from puzzlesolver.deduction import answer_of, explain_problem
    from puzzlesolver.report.explanation import explanation_json, explanation_text

    explanation = explain_problem(problem)
    answer = answer_of(explanation)
    if errand.manner.as_json:
        say_json(explanation_json(explanation))
    else:
        from puzzlesolver.report.colour import coloured

        text = explanation_text(explanation)
        _say_headed(one, coloured(text, answer) if errand.manner.colour else text, errand)
        if errand.headed:
            say("")
    return UNDECIDED if answer is None else ANSWERED if answer else NONE


def _make(kind: str, inputs: Sequence[Input], size: int | None, words: Path | None, seed: int, as_json: bool) -> int:
    """Write a new puzzle; the exit status."""
    if inputs or as_json:
        raise click.UsageError("--make writes a puzzle: it takes no FILE, no -e and no --json")
    if (words is None) != (kind == "crossmath") or (size is not None and kind != "crossmath"):
        raise click.UsageError("--make crossmath takes --size N, --make cryptarithm takes --words FILE")
    from puzzlesolver.making import DEFAULT_SIZE, make_crossmath, make_cryptarithm

    try:
        lines = _text_of(words).splitlines() if words is not None else []
        made = make_cryptarithm(lines, seed) if kind == "cryptarithm" else make_crossmath(size or DEFAULT_SIZE, seed)
    except PuzzleError as error:
        say(str(error), sys.stderr)
        return WRONG_INPUT
    say(made.rstrip())
    return ANSWERED


def _say_headed(one: Input, text: Any, errand: Errand, *, is_first: bool = True) -> None:
    """Print a report or a part of it, the first one under the puzzle's name where there are several."""
    if errand.headed and is_first:
        say(f"{one.name}:")
    say_report(text)


def execute(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, or `arguments`; the exit status."""
    try:
        status: int = command.main(args=arguments, prog_name="puzzlesolve", standalone_mode=False)
        return status
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except OSError as error:
        # What could not be written must not complain once more when it is flushed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):  # whoever read the answers has seen enough
            return ANSWERED
        say(f"puzzlesolve: the answer cannot be written: {error.strerror or error}", sys.stderr)
        return UNWRITTEN


def main() -> NoReturn:
    """The console script. Ctrl-C ends the process in silence before there is a command and after it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    status = execute()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(status)
