"""The command ``puzzlesolve``: arguments, files, exit status. The only place that prints.

In: a command line. Out: answers on standard output, mistakes and warnings on standard error, and the exit status
0 answered · 1 proved to have no solution · 2 wrong input · 3 undecided · 130 interrupted; of several, the largest.
Solvers are loaded only when there is something to solve: ``--help``, ``--check`` and a rejected file stay quick.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

import click

from puzzlesolver.errors import Diagnostic, MeaningMistake, PuzzleError, Severity
from puzzlesolver.options import Method, Options

if TYPE_CHECKING:
    from puzzlesolver.answer.solution import SolutionSet
    from puzzlesolver.problem import Problem

ANSWERED, NONE, WRONG_INPUT, UNDECIDED, INTERRUPTED = 0, 1, 2, 3, 130
GRACE = 0.8
"""Seconds after Ctrl-C in which an orderly end must come; then the process ends as it is."""

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


@dataclass(frozen=True, slots=True)
class Manner:
    """How to show answers."""

    as_json: bool
    check: bool
    verbose: bool
    headed: bool
    """Whether each report stands under its puzzle's name."""

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
    manner = Manner(as_json, check, verbose, headed=len(inputs) > 1, verify=verify, explain=explain)
    status = ANSWERED
    for one in inputs:
        status = max(status, run(one, options, manner))
        if status == INTERRUPTED:
            break
    return status


def run(one: Input, options: Options, manner: Manner) -> int:
    """Read, solve and show one puzzle; the exit status.

    A defect of this program's own leaves the puzzle undecided, with Python's account of it on standard error: an exit
    status of 1 would claim a proof.
    """
    try:
        return _run(one, options, manner)
    except PuzzleError as error:
        _print_mistakes(one, error.diagnostics, manner)
        return WRONG_INPUT
    except BrokenPipeError:
        raise
    except Exception as error:
        import traceback

        from puzzlesolver.answer.reasons import Why
        from puzzlesolver.answer.solution import SolutionSet, Status
        from puzzlesolver.problem import Problem

        _print(traceback.format_exc().rstrip(), sys.stderr)
        reason = Why.INTERNAL_ERROR(type(error).__name__, str(error))
        _show(one, SolutionSet(Problem(name=one.name), Status.UNDECIDED, reasons=(reason,)), manner)
        return UNDECIDED


def _run(one: Input, options: Options, manner: Manner) -> int:
    problem = _read(one, options)
    if not manner.as_json:
        for warning in problem.warnings:
            _print(warning, sys.stderr)
    if manner.check:
        _print_summary(problem, manner)
        return ANSWERED
    if manner.verify is not None:
        return _verify(problem, manner.verify, options)
    if manner.explain:
        return _explain(one, problem, manner)
    answer = _solve(problem, options)
    _show(one, answer, manner)
    return status_of(answer)


def _verify(problem: Problem, path: Path, options: Options) -> int:
    from puzzlesolver.verification import verify

    verification = verify(problem, _text_of(path), seconds=options.time_limit)
    _print(str(verification))
    return verification.exit_status


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path}: cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}"
        raise MeaningMistake(Diagnostic(Severity.ERROR, message, None)) from None


def _explain(one: Input, problem: Problem, manner: Manner) -> int:
    from puzzlesolver.deduction import answer_of, explain_problem
    from puzzlesolver.report.explanation import explanation_json, explanation_text

    explanation = explain_problem(problem)
    answer = answer_of(explanation)
    if manner.as_json:
        _print_json(explanation_json(explanation))
    else:
        _print_headed(one, explanation_text(explanation), answer, manner)
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
        _print(str(error), sys.stderr)
        return WRONG_INPUT
    _print(made.rstrip())
    return ANSWERED


def _show(one: Input, answer: SolutionSet, manner: Manner) -> None:
    if manner.as_json:
        from puzzlesolver.report.json import report_json

        _print_json(report_json(answer))
    else:
        from puzzlesolver.report.text import report_text

        _print_headed(one, report_text(answer, verbose=manner.verbose), answer, manner)


def status_of(answer: SolutionSet) -> int:
    """The exit status that an answer means."""
    from puzzlesolver.answer.reasons import Why
    from puzzlesolver.answer.solution import Status

    if answer.is_open_for(Why.INTERRUPTED):
        return INTERRUPTED
    return {Status.NONE: NONE, Status.UNDECIDED: UNDECIDED}.get(answer.status, ANSWERED)


def _read(one: Input, options: Options) -> Problem:
    from puzzlesolver import language
    from puzzlesolver.language.limits import MAX_SOURCE

    if one.path is not None and one.path != "-":
        return language.load(Path(one.path), settings=options.settings)
    try:
        text = one.text if one.text is not None else sys.stdin.buffer.read(4 * MAX_SOURCE + 1).decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"{one.name} is not in UTF-8: its byte {error.start + 1} fits no character"
        raise PuzzleError(Diagnostic(Severity.ERROR, message, None)) from None
    return language.parse(text, settings=options.settings, name=one.name)


def _solve(problem: Problem, options: Options) -> SolutionSet:
    from puzzlesolver.report.progress import Progress

    with Progress(sys.stderr) as progress:
        progress.tell("loading")
        from puzzlesolver.solving.pipeline import solve_problem

        return solve_problem(problem, options, progress.tell)


# --- printing ---------------------------------------------------------------------------------------------------------


def _print(text: str, stream: TextIO | None = None) -> None:
    from puzzlesolver.report.terminal import encodable

    stream = stream or sys.stdout
    stream.write(encodable(text, stream.encoding or "utf-8") + "\n")
    stream.flush()


def _is_colourful(stream: TextIO) -> bool:
    """Whether colours are of use: a terminal that knows them, and a user who has not said NO_COLOR."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"


def _print_json(line: str) -> None:
    """JSON has a spelling of its own for what the stream's encoding lacks."""
    try:
        line.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        line = json.dumps(json.loads(line))
    _print(line)


def _print_headed(one: Input, report: str, answer: SolutionSet | None, manner: Manner) -> None:
    text = f"{one.name}:\n{report}\n" if manner.headed else report
    if not _is_colourful(sys.stdout):
        _print(text)
        return
    from rich.console import Console

    from puzzlesolver.report.colour import coloured

    Console(highlight=False, soft_wrap=True).print(coloured(text, answer))


def _print_summary(problem: Problem, manner: Manner) -> None:
    from puzzlesolver.report.summary import summary_object, summary_text

    if manner.as_json:
        _print_json(json.dumps(summary_object(problem), ensure_ascii=False))
    else:
        _print(summary_text(problem))


def _print_mistakes(one: Input, diagnostics: Sequence[Diagnostic], manner: Manner) -> None:
    from puzzlesolver.report.diagnostics import diagnostics_json, draw, draw_coloured

    if manner.as_json:
        _print_json(diagnostics_json(one.name, diagnostics))
    if _is_colourful(sys.stderr):
        from rich.console import Console

        Console(stderr=True, highlight=False, soft_wrap=True).print(draw_coloured(diagnostics), end="")
    else:
        _print(draw(diagnostics).removesuffix("\n"), sys.stderr)


# --- from the operating system and back to it -------------------------------------------------------------------------


def _end_soon_after_interrupt() -> None:
    """Ctrl-C raises KeyboardInterrupt as ever; where native code keeps it from being seen, the process ends itself."""
    if threading.current_thread() is not threading.main_thread() or os.name != "posix":
        return
    receiver, sender = os.pipe()
    os.set_blocking(sender, False)
    signal.set_wakeup_fd(sender, warn_on_full_buffer=False)

    def watch() -> None:
        while received := os.read(receiver, 1):
            if received[0] == signal.SIGINT:
                time.sleep(GRACE)
                os._exit(INTERRUPTED)

    threading.Thread(target=watch, daemon=True).start()


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
    except BrokenPipeError:
        # Whoever read the answers has seen enough; nothing must complain when it is flushed once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ANSWERED


def main() -> NoReturn:
    """The console script. It ends without taking TensorFlow apart piece by piece, which can last for seconds."""
    _end_soon_after_interrupt()
    status = execute()
    sys.stdout.flush()
    sys.stderr.flush()
    atexit._run_exitfuncs()  # the worker process is ended by one of these
    os._exit(status)
