"""The command as people run it: what goes to which stream, and with which exit status."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from places import ROOT

EXAMPLES = ROOT / "examples"
Run = subprocess.CompletedProcess[str]


def puzzlesolve(*arguments: str, text: str | None = None, **environment: str) -> Run:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "puzzlesolver", *arguments],
        input=text,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
    )


@pytest.fixture(scope="module")
def grid() -> Run:
    return puzzlesolve(str(EXAMPLES / "grid.txt"))


def test_an_answer_has_status_0_and_a_silent_standard_error(grid: Run) -> None:
    """A solved puzzle says nothing on standard error, not even TensorFlow's greeting."""
    assert (grid.returncode, grid.stderr) == (0, "")
    assert "A = 7 - D" in grid.stdout


def test_proved_none_has_status_1() -> None:
    """A contradiction is an answer with a status of its own."""
    run = puzzlesolve(str(EXAMPLES / "inconsistent.txt"))
    assert (run.returncode, run.stderr) == (1, "")
    assert "line 3" in run.stdout


@pytest.mark.parametrize("arguments", [("-e", "x + = 1"), ("no-such-file.txt",), (), ("--digits", "0", "-e", "x = 1")])
def test_wrong_input_has_status_2_and_nothing_on_standard_output(arguments: tuple[str, ...]) -> None:
    """Wrong puzzles, missing files and wrong options are told on standard error alone."""
    run = puzzlesolve(*arguments)
    assert (run.returncode, run.stdout) == (2, "")
    assert "rror: " in run.stderr
    assert "Traceback" not in run.stderr


def test_undecided_has_status_3() -> None:
    """A search that finds nothing proves nothing."""
    run = puzzlesolve("--method", "numeric", "--time-limit", "5", "-e", "exp(x) + x^2 = -1/7")
    assert (run.returncode, run.stderr) == (3, "")


def test_a_mistake_is_drawn_with_its_place() -> None:
    """File, line, column, the line itself and a caret."""
    run = puzzlesolve("-", text="x = 1\ny + = 2\n")
    assert run.stderr.startswith("<stdin>:2:")
    assert "y + = 2" in run.stderr
    assert "^" in run.stderr


def test_what_is_printed_at_once_is_the_whole_claim() -> None:
    """The lines that contradict each other stand in the report with one engine as with both, as in JSON."""
    for method in ("exact", "auto"):
        run = puzzlesolve("--method", method, "-e", "x = 1\nx = 2")
        assert run.returncode == 1
        assert "these cannot hold together:\n  line 1: x = 1\n  line 2: x = 2\n" in run.stdout


def test_several_files_take_the_largest_status() -> None:
    """Each answer stands under its file's name, and the worst outcome is the command's."""
    run = puzzlesolve("--method", "exact", str(EXAMPLES / "ages.txt"), str(EXAMPLES / "inconsistent.txt"))
    assert run.returncode == 1
    assert "ages.txt:" in run.stdout
    assert "ann = 24" in run.stdout


def test_json_is_one_object_a_line_in_order() -> None:
    """Answers and mistakes alike are objects, in the order of the files."""
    run = puzzlesolve("--json", "--method", "exact", str(EXAMPLES / "ages.txt"), "-e", "x + = 1", "-e", "x = 1/3")
    ages, wrong, third = map(json.loads, run.stdout.splitlines())
    assert run.returncode == 2
    assert ages["status"] == "unique"
    assert ages["file"].endswith("ages.txt")
    assert wrong["errors"][0]["line"] == 1
    assert third["solutions"][0]["values"]["x"] == {
        "exact": "1/3",
        "decimal": "0.3333333333",
        "low": None,
        "high": None,
    }


def test_standard_input_and_text_are_puzzles_too() -> None:
    """'-' and -e read what a file would hold."""
    one = puzzlesolve("--method", "exact", "-", text="x + 1 = 3\n")
    two = puzzlesolve("--method", "exact", "-e", "x + 1 = 3")
    assert one.stdout == two.stdout
    assert "x = 2" in one.stdout


def test_set_replaces_a_let() -> None:
    """--set changes a parameter, exactly; what is no parameter is an error."""
    run = puzzlesolve("--method", "exact", "--set", "a=1.62", "-e", "let a = 2\nx = 10*a")
    assert "x = 81/5 = 16.2" in run.stdout
    assert puzzlesolve("--set", "b=1", "-e", "let a = 2\nx = a").returncode == 2
    assert puzzlesolve("--set", "b", "-e", "x = 1").returncode == 2


def test_digits() -> None:
    """As many digits as asked, all of them right."""
    run = puzzlesolve("--method", "exact", "--digits", "50", "-e", "x^2 = 2; x > 0")
    assert "1.4142135623730950488016887242096980785696718753769" in run.stdout


def test_check_solves_nothing() -> None:
    """--check tells what is asked."""
    run = puzzlesolve("--check", str(EXAMPLES / "circle.txt"), str(EXAMPLES / "magic-square.txt"))
    assert (run.returncode, run.stderr) == (0, "")
    assert "2 unknowns, 2 equations" in run.stdout
    assert "x[1..3, 1..3] in 1..9" in run.stdout


def test_no_colour_codes_in_a_pipe(grid: Run) -> None:
    """What is piped is plain."""
    assert "\x1b" not in grid.stdout + puzzlesolve("-e", "x + = 1").stderr


def test_any_encoding_of_the_output_will_do() -> None:
    """An ASCII terminal gets plain spellings and escapes, never a traceback."""
    run = puzzlesolve("--method", "exact", str(EXAMPLES / "fruit.txt"), PYTHONIOENCODING="ascii")
    assert (run.returncode, run.stderr) == (0, "")
    as_json = puzzlesolve("--json", "--method", "exact", str(EXAMPLES / "fruit.txt"), PYTHONIOENCODING="ascii")
    assert "🍎" in json.loads(as_json.stdout)["unknowns"]


def test_a_time_limit_is_kept() -> None:
    """A hopeless limit gives an honest answer, not a hang (`puzzlesolve` itself waits 120 seconds at most)."""
    run = puzzlesolve("--time-limit", "1", str(EXAMPLES / "katsura6.txt"))
    assert run.returncode in (0, 3)
    assert run.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full disk to write on")
@pytest.mark.parametrize("arguments", [("-e", "x = 1"), ("--json", "-e", "x = 1"), ("--check", "-e", "x = 1")])
def test_a_full_disk_is_told_in_one_line(arguments: tuple[str, ...]) -> None:
    """What cannot be written is said on standard error, with a status of its own, and once."""
    with open("/dev/full", "w") as full:
        run = subprocess.run(
            [sys.executable, "-m", "puzzlesolver", "--method", "exact", *arguments],
            stdout=full, stderr=subprocess.PIPE, text=True, timeout=120,
        )  # fmt: skip
    assert run.returncode == 4
    assert run.stderr == "puzzlesolve: the answer cannot be written: No space left on device\n"


def test_a_closed_pipe_is_no_news() -> None:
    """``puzzlesolve … | head -1`` ends quietly."""
    puzzles = f"'{EXAMPLES / 'circle.txt'}' '{EXAMPLES / 'ages.txt'}'"
    command = f"'{sys.executable}' -m puzzlesolver --method exact {puzzles} | head -c 1"
    run = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=120)
    assert run.stderr == ""


SLACK = 1.5
"""Seconds that a busy machine may take longer than promised."""

STUCK = {
    "in Python": "import time; time.sleep(60)",
    # A mutex locked twice: native code that no signal gets out of.
    "in native code": (
        "import ctypes; libc = ctypes.CDLL(None); mutex = ctypes.create_string_buffer(256); "
        "libc.pthread_mutex_init(mutex, None); libc.pthread_mutex_lock(mutex); libc.pthread_mutex_lock(mutex)"
    ),
}


def replaced(tmp_path: Path, body: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """The command with another function in the place of the one that solves, and the environment to run it in."""
    (tmp_path / "replacement.py").write_text(
        f"from puzzlesolver.showing import Printed\ndef solve(channel, *arguments):\n    {body}\n", encoding="utf-8"
    )
    script = (
        "import puzzlesolver.cli as cli, sys; cli.SOLVE = 'replacement:solve'; "
        f"sys.argv[1:] = {list(arguments)!r}; cli.main()"
    )
    return [sys.executable, "-c", script], {**os.environ, "PYTHONPATH": str(tmp_path)}


@pytest.mark.parametrize("where", STUCK)
def test_interrupt_ends_a_solve_that_is_stuck(where: str, tmp_path: Path) -> None:
    """Ctrl-C ends the command within a second, with its own status and without a traceback, whatever it is doing."""
    body = f"channel.emit(Printed('solving', 0)); {STUCK[where]}"
    command, environment = replaced(tmp_path, body, "-e", "x = 1")
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "solving\n"
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    answer, errors = process.communicate(timeout=30)
    assert time.monotonic() - began < 1 + SLACK
    assert process.returncode == 130
    assert "interrupted" in answer
    assert errors == ""
    assert not left_over(str(tmp_path))


def test_interrupt_keeps_what_was_found() -> None:
    """Interrupted while it searches, the command says so in its answer."""
    process = subprocess.Popen(
        [sys.executable, "-m", "puzzlesolver", "--json", "-e", "x = 1", "-e", "cos(x*y) + x^3*exp(y) = sin(x)/7"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    first = json.loads(process.stdout.readline())
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert first["status"] == "unique"
    assert process.returncode == 130


def test_version_and_help() -> None:
    """Both answer at once, and the help tells the exit statuses."""
    assert puzzlesolve("--version").stdout == "puzzlesolve 0.1.0\n"
    text = puzzlesolve("--help").stdout
    assert "Exit status" in text
    assert all(option in text for option in ("--json", "--set", "--digits", "--seed", "--starts", "--time-limit"))


def on_a_terminal(*arguments: str, **environment: str) -> str:
    """What a terminal receives from the command, both streams together."""
    import pty

    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "puzzlesolver", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=follower,
        stderr=follower,
        env={**os.environ, "TERM": "xterm", "NO_COLOR": "", **environment},
    )
    os.close(follower)
    received = b""
    try:
        while piece := os.read(leader, 65536):
            received += piece
    except OSError:  # the other end is closed
        pass
    os.close(leader)
    process.wait(timeout=60)
    return received.decode("utf-8")


def test_colours_on_a_terminal_unless_unwanted() -> None:
    """A terminal gets colours, and none where NO_COLOR or a dumb terminal says so."""
    arguments = ("--check", "-e", "x + = 1")
    assert "\x1b[" in on_a_terminal(*arguments)
    assert "\x1b" not in on_a_terminal(*arguments, NO_COLOR="1")
    assert "\x1b" not in on_a_terminal(*arguments, TERM="dumb")


def test_progress_is_erased() -> None:
    """Whatever a long solve tells on a terminal is gone when the answer stands there."""
    received = on_a_terminal("--method", "exact", "-e", "x + 1 = 3", NO_COLOR="1")
    shown, _, answer = received.rpartition("\x1b[K")
    assert "exactly one real solution" in answer
    assert "\n" not in shown


def test_a_defect_of_its_own_claims_nothing(tmp_path: Path) -> None:
    """Were the program itself to fail, the status is undecided: 1 would claim a proof that there is no solution."""
    command, environment = replaced(tmp_path, "raise RuntimeError('planted')", "--json", "-e", "x = 1", "-e", "y = 2")
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment)
    first, second = run.stdout.splitlines()
    assert run.returncode == 3
    assert [json.loads(line)["status"] for line in (first, second)] == ["undecided", "undecided"]
    assert "internal error: RuntimeError: planted" in json.loads(first)["reasons"]
    assert "planted" in run.stderr and "Traceback" not in run.stderr


def left_over(token: str, seconds: float = 10.0) -> set[int]:
    """The processes with a token in their environment that are still there after so many seconds."""
    until = time.monotonic() + seconds
    while (left := _bearing(token)) and time.monotonic() < until:
        time.sleep(0.05)
    return left


def _bearing(token: str) -> set[int]:
    marked = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                environment = (entry / "environ").read_bytes()
                state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                continue
            if token.encode() in environment and state != "Z":
                marked.add(int(entry.name))
    return marked


def test_values_alone_are_printed() -> None:
    """A text that has no unknown and only asks says the value, and a false condition beside it makes it status 1."""
    assert puzzlesolve("--method", "exact", "-e", "2 + 3 = ?").stdout.strip() == "2 + 3 = 5"
    assert puzzlesolve("--method", "exact", "-e", "1 > 2").returncode == 1
