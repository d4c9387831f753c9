"""Measured columns: from the rows below `data`, from a CSV file, or from the caller. Every number is exact."""

from __future__ import annotations

import csv
import os
import re
import stat
from collections.abc import Container, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from sympy import Rational

from puzzlesolver.errors import Diagnostic, MeaningMistake, Severity
from puzzlesolver.language import tree
from puzzlesolver.language.limits import MAX_CELL, MAX_COLUMNS, MAX_DATA_BYTES, MAX_DATA_VALUES, MAX_LINE
from puzzlesolver.language.mistakes import BadSyntax, Mistake, Mistakes, TooMuch, counted
from puzzlesolver.language.source import BlockLine, Span
from puzzlesolver.problem import Data

_DECIMAL = re.compile(r"([+-]?\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?")
_FRACTION = re.compile(r"([+-]?\d+)/(\d+)")
_COLUMN = re.compile(r"[^\W\d_]\w*")
_CELL = re.compile(r"[^\s,;|]+")


def exact(text: str) -> Rational | None:
    """The number that a cell holds, None where it holds none."""
    if len(text) > MAX_CELL:
        return None
    if decimal := _DECIMAL.fullmatch(text):
        whole, decimals, exponent = decimal[1], decimal[2] or "", int(decimal[3] or 0)
        if (whole + decimals)[-1:].isdigit():
            shift = exponent - len(decimals)
            digits = int(whole + decimals)
            return Rational(digits * 10**shift) if shift >= 0 else Rational(digits, 10**-shift)
    elif (fraction := _FRACTION.fullmatch(text)) and int(fraction[2]):
        return Rational(int(fraction[1]), int(fraction[2]))
    return None


def inline_data(node: tree.DataRows, mistakes: Mistakes) -> Data | None:
    """The table below a `data` line: a row of names, then rows of as many numbers."""
    header = [(cell[0], node.rows[0].span(*cell.span())) for cell in _cells(node.rows[0])]
    names = [name for name, _ in header]
    for position, (name, span) in enumerate(header):
        if not _COLUMN.fullmatch(name):
            said = f"the first row of a table holds the columns' names, and '{_short(name)}' is no name"
            mistakes.add(BadSyntax(span, said, "x  y"))
            return None
        if names.index(name) != position:
            mistakes.add(Mistake(span, f"two columns are called '{name}'"))
            return None
    columns: list[list[Rational]] = [[] for _ in header]
    before = len(mistakes)
    if len(header) * (len(node.rows) - 1) > MAX_DATA_VALUES:
        mistakes.add(TooMuch(node.span, f"the table has more than {MAX_DATA_VALUES} values", _FEWER))
        return None
    for line in node.rows[1:]:
        values = [exact(text) for text in _CELL.findall(line.text.split("#", 1)[0])]
        if len(values) == len(header) and None not in values:
            for value, column in zip(values, columns, strict=True):
                column.append(value)
        elif values:
            _explain_row(line, len(header), mistakes)
        if mistakes.full:
            return None
    if len(mistakes) > before:
        return None
    if not columns[0]:
        mistakes.add(Mistake(node.span, "the table of the data has no rows"))
        return None
    return _data(dict(zip(names, columns, strict=True)))


def _explain_row(line: BlockLine, width: int, mistakes: Mistakes) -> None:
    """Note what is wrong with a row."""
    cells = [(cell[0], line.span(*cell.span())) for cell in _cells(line)]
    if len(cells) != width:
        span = Span(cells[0][1].start, cells[-1][1].end)
        said = f"a row holds {_values(width)}, as the table's head does, and here {counted(len(cells))}"
        mistakes.add(Mistake(span, said, _POINT if re.search(r"\d,\d", line.text) else None))
        return
    for text, span in cells:
        if exact(text) is None:
            mistakes.add(Mistake(span, f"a number is expected, and '{_short(text)}' stands here", _zero(text)))


def _cells(line: BlockLine) -> Iterator[re.Match[str]]:
    return _CELL.finditer(line.text.split("#", 1)[0])


def file_data(node: tree.DataFrom, folder: Path | None) -> Data:
    """The columns of a CSV file: a row of names, then rows of numbers; empty lines and ``#`` comments are skipped.

    The separator is a comma, a semicolon or a tab, whichever the first row holds. Raises `Mistake`.
    """
    try:
        return _file_data(node, (folder or Path()) / node.path)
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise Mistake(node.path_span, f"cannot read '{node.path}': {reason}") from None
    except (UnicodeDecodeError, csv.Error, ValueError):
        raise Mistake(node.path_span, f"'{node.path}' is no CSV file in UTF-8") from None


def _file_data(node: tree.DataFrom, path: Path) -> Data:
    status = os.stat(path)
    if not stat.S_ISREG(status.st_mode):
        raise Mistake(node.path_span, f"'{node.path}' is no regular file")
    if status.st_size > MAX_DATA_BYTES:
        raise TooMuch(node.path_span, f"'{node.path}' is larger than {MAX_DATA_BYTES} bytes", _FEWER)
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = _rows(_lines(file, node))
        number, cells = next(rows, (0, ()))
        if not cells:
            raise Mistake(node.path_span, f"'{node.path}' is empty; its first row holds the columns' names")
        header = _header(cells, number, node)
        texts: list[tuple[str, ...]] = []
        for number, cells in rows:
            _check_row(node, number, header, cells)
            texts.append(tuple(cells))
            if len(texts) * len(header) > MAX_DATA_VALUES:
                raise TooMuch(node.path_span, f"'{node.path}' has more than {MAX_DATA_VALUES} values", _FEWER)
    if not texts:
        raise Mistake(node.path_span, f"'{node.path}' has no rows below its head")
    known: dict[str, Rational] = {}  # measured values repeat
    columns: dict[str, list[Rational]] = {}
    for name, column in zip(header, zip(*texts, strict=True), strict=True):
        for text in column:
            if text not in known:
                known[text] = exact(text.strip())
        columns[name] = [known[text] for text in column]
    return _data(columns, path.stem)


def _check_row(node: tree.DataFrom, number: int, header: Sequence[str], cells: Sequence[str]) -> None:
    """Before any number is made: a wrong cell at the end of a long file is found soon."""
    if len(cells) != len(header):
        said = f"{_values(len(header))} expected, as in the head, and here {counted(len(cells))}"
        hint = _POINT if len(cells) == 2 * len(header) else None
        raise Mistake(node.path_span, f"'{node.path}', row {number}: {said}", hint)
    for name, text in zip(header, cells, strict=True):
        decimal = _DECIMAL.fullmatch(text)
        if decimal is not None and len(text) <= MAX_CELL and (decimal[1][-1:].isdigit() or decimal[2]):
            continue
        if exact(text.strip()) is None:
            raise Mistake(
                node.path_span,
                f"'{node.path}', row {number}, column '{name}': a number is expected, "
                + (f"and '{_short(text.strip())}' stands there" if text.strip() else "and the cell is empty"),
                _POINT if re.fullmatch(r"\s*[+-]?\d+,\d+\s*", text) else _zero(text.strip()),
            )


def _lines(file: Any, node: tree.DataFrom) -> Iterator[tuple[int, str]]:
    """The lines with their numbers, without the empty ones and the comments."""
    number = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            raise TooMuch(node.path_span, f"'{node.path}', row {number}: longer than {MAX_LINE} characters")
        if number > MAX_DATA_VALUES:
            raise TooMuch(node.path_span, f"'{node.path}' has more than {MAX_DATA_VALUES} lines", _FEWER)
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, line


def _rows(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, Sequence[str]]]:
    """The cells of every line, which a quoted cell may not leave."""
    separator = ""
    for number, line in lines:
        separator = separator or max(",;\t", key=line.count)
        if '"' in line:
            yield number, next(csv.reader([line], delimiter=separator, skipinitialspace=True, strict=True))
        else:
            yield number, line.strip().split(separator)


def _header(cells: Sequence[str], number: int, node: tree.DataFrom) -> list[str]:
    names = [cell.strip() for cell in cells]
    if len(names) > MAX_COLUMNS:
        raise TooMuch(node.path_span, f"'{node.path}' has more than {MAX_COLUMNS} columns")
    for position, name in enumerate(names, 1):
        if not _COLUMN.fullmatch(name):
            raise Mistake(
                node.path_span,
                f"'{node.path}', row {number}, column {position}: the name of a column is expected, "
                f"and '{_short(name)}' is none",
                "the first row names the columns: x,y"
                if exact(name) is not None
                else "a name is letters, digits and '_'",
            )
        if names.index(name) != position - 1:
            raise Mistake(node.path_span, f"'{node.path}': two columns are called '{name}'")
    return names


def given_data(given: Any, tables: Container[str] = ()) -> tuple[Data | None, Mapping[str, Any]]:
    """What a caller hands over: the columns among it as `Data`, and the tables (sequences of rows) by name.

    `tables` are the names that the text calls tables; a plain sequence is a table of one row there.
    """
    if given is None or isinstance(given, Data):
        return given, {}
    if not hasattr(given, "keys"):
        raise _wrong(
            f"a mapping from names to columns, or a DataFrame, is expected, and this is of the type {_kind(given)}"
        )
    columns: dict[str, list[Rational]] = {}
    found: dict[str, Any] = {}
    for key in given.keys():
        name, values = str(key), _given_values(given[key], str(key))
        if values and _is_row(values[0]):
            found[name] = [_given_values(row, name) for row in values]
        elif name in tables:
            found[name] = [values]
        elif not _COLUMN.fullmatch(name):
            raise _wrong(f"'{_short(name)}' is no name of a column; a name is letters, digits and '_'")
        else:
            columns[name] = [_given_number(value, name, row) for row, value in enumerate(values, 1)]
    if len({len(column) for column in columns.values()}) > 1:
        raise _wrong("the columns have different lengths")
    if not all(columns.values()):
        raise _wrong("the columns have no rows")
    return (_data(columns) if columns else None), found


def _given_values(given: Any, name: str) -> list[Any]:
    """The values in a list, an array, a Series, or the rows of a frame."""
    values = given.to_numpy() if hasattr(given, "to_numpy") else given
    if not _is_row(values):
        raise _wrong(f"'{name}': a list or an array is expected, and this is of the type {_kind(given)}")
    return list(values)


def _is_row(value: Any) -> bool:
    return hasattr(value, "__len__") and hasattr(value, "__iter__") and not isinstance(value, str)


def _given_number(value: Any, name: str, row: int) -> Rational:
    """A caller's number: decimals as they are printed, fractions as they are."""
    if isinstance(value, Fraction):
        return Rational(value.numerator, value.denominator)
    found = value if isinstance(value, Rational) else exact(str(value).strip())
    if found is None:
        raise _wrong(f"row {row}, column '{name}': a number is expected, and {_short(repr(value))} is given")
    return found


def _kind(given: Any) -> str:
    return type(given).__name__


def _wrong(said: str) -> MeaningMistake:
    return MeaningMistake(Diagnostic(Severity.ERROR, f"data: {said}", None))


def _data(columns: Mapping[str, Sequence[Rational]], name: str = "data") -> Data:
    return Data({key: tuple(column) for key, column in columns.items()}, name)


def _values(number: int) -> str:
    return "one value" if number == 1 else f"{number} values"


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."


_FEWER = "keep a part of the rows, such as every tenth, or the means of ten"
_POINT = "decimals are written with a point"


def _zero(text: str) -> str | None:
    """The number that a cell with a letter for a digit, or with a unit, was meant to hold."""
    digits = text.translate(str.maketrans("OolIi", "00111"))
    if exact(digits) is not None:
        return f"did you mean {digits}?"
    if not text or text.lower() in _NOTHING:
        return "leave rows without a value out"
    return "numbers have no units" if exact(re.sub(r"\s*[^\W\d]+$", "", text)) is not None else None


_NOTHING = ("-", "?", ".", "na", "n/a", "nan", "null", "none", "inf")
