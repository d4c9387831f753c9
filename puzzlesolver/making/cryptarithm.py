"""A new cryptarithm: a sum of words from a list that has exactly one solution.

In: words and a seed. Out: the puzzle's text. The sums are tried in an order that the seed draws, those of two words
before those of three; each is put to the exhaustive search of the digits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import comb
from random import Random

from puzzlesolver.errors import Diagnostic, MeaningMistake, Severity
from puzzlesolver.making.uniqueness import has_one_solution

MOST_LETTERS = 10
SHORTEST = 2
ADDENDS = (2, 3)

MOST_TRIED = 400  # Sums of each number of words that are put to the search.
MOST_LISTED = 50_000  # As many sums are listed and shuffled; of more, some are drawn.

Sum = tuple[tuple[str, ...], str]
"""The words that are added, and the one that is their sum."""


def make_cryptarithm(words: Sequence[str], seed: int = 0) -> str:
    """The text of a sum of words of one solution. Raises `MeaningMistake` where the words make none."""
    usable = sorted({word.strip().upper() for word in words if _is_usable(word.strip().upper())})
    random = Random(f"cryptarithm {seed}")
    tried, was_all = 0, True
    for count in ADDENDS:
        sums = list(_sums(usable, count, random))
        tried += len(sums)
        was_all = was_all and len(sums) < MOST_TRIED
        for addends, total in sums:
            text = _text(addends, total)
            if has_one_solution(text):
                return f"# a sum of words that has exactly one solution (seed {seed})\n{text}"
    raise MeaningMistake(Diagnostic(Severity.ERROR, _refusal(len(usable), tried, was_all), None))


def _refusal(words: int, tried: int, was_all: bool) -> str:
    if words < 3:
        return f"a sum needs three different words of at least {SHORTEST} letters, and there are {words}"
    if not tried:
        return f"no words among these {words} can be a sum: of fitting lengths, with at most {MOST_LETTERS} letters"
    which = f"none of the {tried} sums of these {words} words" if was_all else f"none of {tried} sums that were tried"
    return f"{which} has exactly one solution; more words, or others, or another seed may have"


def _is_usable(word: str) -> bool:
    return len(word) >= SHORTEST and word.isalpha() and len(set(word)) <= MOST_LETTERS


def _sums(words: Sequence[str], count: int, random: Random) -> Iterator[Sum]:
    """Sums that may come out, at most so many as are tried, in an order that is drawn."""
    if len(words) <= count:
        return
    if comb(len(words), count) * (len(words) - count) <= MOST_LISTED:
        listed = [
            (addends, total) for addends in combinations(words, count) for total in words if _may_be(addends, total)
        ]
        random.shuffle(listed)
        yield from listed[:MOST_TRIED]
        return
    found: dict[Sum, None] = {}
    for _ in range(MOST_LISTED):
        *drawn, total = random.sample(words, count + 1)
        addends = tuple(sorted(drawn))
        if _may_be(addends, total):
            found[addends, total] = None
            if len(found) == MOST_TRIED:
                break
    yield from found


def _may_be(addends: tuple[str, ...], total: str) -> bool:
    """Whether the lengths fit and the letters are few enough."""
    longest = max(map(len, addends))
    fits = total not in addends and longest <= len(total) <= longest + 1
    return fits and len(set("".join(addends) + total)) <= MOST_LETTERS


def _text(addends: Sequence[str], total: str) -> str:
    width = max(map(len, (*addends, total)))
    longest_first = sorted(addends, key=len, reverse=True)
    lines = ["cryptarithm"]
    lines += [f"  {'+' if number else ' '} {word:>{width}}" for number, word in enumerate(longest_first)]
    lines += [f"  {'-' * (width + 2)}", f"    {total:>{width}}"]
    return "\n".join(lines) + "\n"
