"""Puzzles that are made: of one solution, with nothing given that could be spared, the same ones for the same seed."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from puzzlesolver import MeaningMistake, make_crossmath, make_cryptarithm, parse, solve
from puzzlesolver.answer.solution import Status
from puzzlesolver.cli import execute
from puzzlesolver.making.crossmath import Givens, draw, text_of, thinned, worked_out
from puzzlesolver.making.uniqueness import has_one_solution

WORDS = ["send", "more", "money", "apple", "pear", "plum", "grape", "lemon", "melon", "peach", "fruit", "banana"]


def without_one(givens: Givens) -> Iterator[Givens]:
    """The same givens but one, for each of them."""
    yield from (Givens(givens.cells - {cell}, givens.results) for cell in givens.cells)
    yield from (Givens(givens.cells, givens.results - {result}) for result in givens.results)


@pytest.mark.parametrize(("size", "seed"), [(2, 0), (2, 1), (3, 7), (3, 8), (4, 1)])
def test_a_cross_math_has_one_solution_and_needs_all_its_givens(size: int, seed: int) -> None:
    """Every given is taken away in turn, and then there is a second solution."""
    random = Random(f"crossmath {size} {seed} 0")
    square = draw(size, random)
    givens = thinned(square, random)
    assert givens is not None
    text = text_of(square, givens)
    assert make_crossmath(size, seed).partition("\n")[2] == text
    assert has_one_solution(text)
    for fewer in without_one(givens):
        assert has_one_solution(text_of(square, fewer)) is False


def test_a_cross_math_is_solved_by_its_square() -> None:
    """The solution is the square that was drawn; the file begins with what it is."""
    text = make_crossmath(3, 7)
    assert text.startswith("# a cross-math of one solution, in which every number given is needed (size 3, seed 7)\n")
    answer = solve(text, method="exact")
    assert answer.status is Status.UNIQUE and answer.complete
    cells = [str(value.exact) for name, value in answer[0].values.items() if name.startswith("r")]
    given = re.findall(r"cells((?:, \d+)*)", text)[-1].split(", ")[1:]
    assert sorted(map(int, [*cells, *given])) == list(range(1, 10))


def test_a_large_cross_math_reads() -> None:
    """Two digits a cell, ten results."""
    assert len(parse(make_crossmath(5, 1)).equations) == 10


def test_the_seed_decides() -> None:
    """The same one gives the same text, another another."""
    assert make_crossmath(3, 3) == make_crossmath(3, 3) != make_crossmath(3, 4)


def test_lines_are_worked_out_from_the_left() -> None:
    """Whole and positive all the way, or not at all."""
    assert worked_out([8, 1, 4], ("+", "*")) == 36
    assert worked_out([8, 2, 4], ("/", "*")) == 16
    assert worked_out([8, 3, 4], ("/", "*")) is None
    assert worked_out([2, 3, 4], ("-", "+")) is None


@pytest.mark.parametrize("size", [1, 6])
def test_sizes_out_of_range(size: int) -> None:
    """They are refused."""
    with pytest.raises(ValueError, match="from 2 to 5"):
        make_crossmath(size)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_cryptarithm_has_one_solution(seed: int) -> None:
    """Words of the list, proved to make a sum in one way."""
    text = make_cryptarithm(WORDS, seed)
    assert text == make_cryptarithm(reversed(WORDS), seed)
    assert text.startswith(f"# a sum of words that has exactly one solution (seed {seed})\ncryptarithm\n")
    words = re.findall(r"[A-Z]+", text)
    assert len(words) in (3, 4) and {word.lower() for word in words} <= set(WORDS)
    answer = solve(text, method="exact")
    assert answer.status is Status.UNIQUE and answer.complete


def test_the_only_sum_of_a_list() -> None:
    """Three words, one order of which comes out."""
    assert re.findall(r"[A-Z]+", make_cryptarithm(["money", " Send", "more", "a", "e-mail", ""])) == [
        "MORE",
        "SEND",
        "MONEY",
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["aa", "bb"], "three different words of at least 2 letters, and there are 2"),
        (["ab", "abcd", "abcdefgh"], "no words among these 3 can be a sum"),
        (["ab", "cd", "ef", "gh"], "none of the 16 sums of these 4 words has exactly one solution"),
    ],
)
def test_words_without_a_sum(words: list[str], message: str) -> None:
    """It is said plainly how many were tried."""
    with pytest.raises(MeaningMistake, match=message):
        make_cryptarithm(words)


def test_the_command_makes_puzzles(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The puzzle alone on standard output; what cannot be made is an error."""
    assert execute(["--make", "crossmath", "--size", "2", "--seed", "7"]) == 0
    assert capsys.readouterr().out == make_crossmath(2, 7)
    path = tmp_path / "words.txt"
    path.write_text("\n".join(WORDS), encoding="utf-8")
    assert execute(["--make", "cryptarithm", "--words", str(path), "--seed", "1"]) == 0
    assert capsys.readouterr().out == make_cryptarithm(WORDS, 1)
    path.write_text("ab\ncd\n", encoding="utf-8")
    assert execute(["--make", "cryptarithm", "--words", str(path)]) == 2
    assert capsys.readouterr().err.startswith("error: a sum needs three different words")
    assert execute(["--make", "cryptarithm", "--words", str(tmp_path / "none")]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_the_proofs_run_in_a_process_of_their_own() -> None:
    """OR-Tools is not loaded beside what the caller has loaded: together with TensorFlow it can crash."""
    script = "import sys, puzzlesolver; puzzlesolver.make_crossmath(2, 1); print('ortools' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert run.stdout == "False\n", run.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["--make", "crossmath", "x.txt"],
        ["--make", "crossmath", "--words", "x.txt"],
        ["--make", "cryptarithm"],
        ["--make", "cryptarithm", "--words", "x.txt", "--size", "3"],
        ["--size", "3", "-e", "x = 1"],
        ["--make", "crossmath", "--json"],
    ],
)
def test_options_that_do_not_go_together(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """They are wrong input."""
    assert execute(arguments) == 2
    assert "--make" in capsys.readouterr().err
