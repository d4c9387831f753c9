"""The solutions as LaTeX, to be set as displayed mathematics.

In: a `SolutionSet`. Out: the inside of a display, without dollar signs; it needs the package amsmath.
"""

from __future__ import annotations

import re
import unicodedata

from sympy import Symbol, latex

from puzzlesolver.answer.solution import Solution, SolutionSet, Status, Value
from puzzlesolver.report.values import asked

_ELEMENT = re.compile(r"(?P<array>[^\[\]]+)\[(?P<index>[^\[\]]+)\]")
_GREEK = re.compile("[α-ρσ-ω]")
_EXPONENT = re.compile(r"(?P<mantissa>.*)e(?P<exponent>-?\d+)")


def report_latex(answer: SolutionSet) -> str:
    """The solutions one below the other, each with all its unknowns; an empty set where there is proved to be none."""
    if answer.status is Status.NONE:
        return r"\varnothing"
    lines = [
        rf"\text{{{_escaped(asked(item.ask))}}} &{_relation(item.value, answer.digits)}" for item in answer.answers
    ]
    lines += [_solution(solution, answer.digits) for solution in answer]
    if not lines:
        return r"\text{undecided}"
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"


def _solution(solution: Solution, digits: int) -> str:
    values = [f"{_name(name)} {_relation(value, digits)}" for name, value in solution.values.items()]
    text = r"&" + r",\quad ".join(values)
    if solution.integer_parameters:
        names = ", ".join(latex(symbol) for symbol in solution.integer_parameters)
        text += rf",\quad {names} \in \mathbb{{Z}}"
    return text


def _relation(value: Value, digits: int) -> str:
    if value.exact is not None:
        return f"= {latex(value.exact)}"
    decimal = value.decimal(digits)
    if match := _EXPONENT.fullmatch(decimal):
        decimal = rf"{match['mantissa']} \cdot 10^{{{match['exponent']}}}"
    return rf"\approx {decimal}"


def _name(name: str) -> str:
    if match := _ELEMENT.fullmatch(name):
        return f"{{{_name(match['array'])}}}_{{{match['index']}}}"
    spelled = _GREEK.sub(lambda letter: unicodedata.name(letter.group()).split()[-1].lower(), name)
    # What is left outside ASCII is text, an emoji for one.
    return str(latex(Symbol(spelled))) if spelled.isascii() else rf"\text{{{name}}}"


def _escaped(text: str) -> str:
    return re.sub(r"([#$%&_{}])", r"\\\1", text).replace("^", r"\^{}")
