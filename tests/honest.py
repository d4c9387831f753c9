"""Right answers to small puzzles, of every kind that `verify` confirms, written by hand."""

from __future__ import annotations

import json
from typing import Any

from puzzlesolver import parse
from puzzlesolver.verification import Verification, verify

Answer = dict[str, Any]


# --- answers written by hand ------------------------------------------------------------------------------------------


def value(
    exact: str | None = None, decimal: str | None = None, low: str | None = None, high: str | None = None
) -> Answer:
    """A value; the decimal of a whole number is itself."""
    return {"exact": exact, "decimal": exact if decimal is None else decimal, "low": low, "high": high}


def solution(values: dict[str, Answer], *, evidence: str = "exact", free: tuple[str, ...] = (), **more: Any) -> Answer:
    own = {
        "evidence": evidence,
        "multiplicity": None,
        "values": values,
        "free": list(free),
        "integer_parameters": [],
        "dimension": len(free),
        "conditions": [],
    }
    return own | more


def whole(**values: int | str) -> Answer:
    """An exact solution in whole numbers."""
    return solution({name: value(str(number)) for name, number in values.items()})


def answer(status: str, *solutions: Answer, complete: bool = True, **more: Any) -> Answer:
    own = {
        "format": "puzzlesolver/1",
        "file": "<text>",
        "status": status,
        "complete": complete,
        "dimension": max((s["dimension"] for s in solutions), default=0),
        "free": list(dict.fromkeys(name for s in solutions for name in s["free"])),
        "unknowns": list(solutions[0]["values"]) if solutions else [],
        "solutions": list(solutions),
        "answers": [],
        "conditions": [],
        "proof": "a proof in words" if complete else None,
        "reasons": [],
        "warnings": [],
        "conflict": None,
        "redundant": [],
        "fit": None,
        "engines": {"numeric": None, "exact": None, "agree": None},
        "seed": 0,
        "seconds": {},
    }
    return own | more


def boxed(x: tuple[str, str, str], y: tuple[str, str, str]) -> Answer:
    """A certified solution in x and y: decimal, low and high of each."""
    return solution({"x": value(None, *x), "y": value(None, *y)}, evidence="certified", multiplicity=1)


LINEAR = "x + y = 10\nx - y = 4"
CIRCLE = "x^2 + y^2 = 25\nx*y = 12"
DOUBLE = "(x - 1)^2 * (x + 2) = 0"
TRANSCENDENTAL = "exp(x) + y = 2\nx^2 + y^2 = 4"
GRID = "A + B = 9\nC - D = 1\nA + C = 8\nB - D = 2"
SINE = "sin(x) = 1/2"
GOLDEN = "x^2 = x + 1"
POLE = "(x^2 - 1)/(x - 1) = 2*x - 1"
LATTICE = "x, y in integer\n3x + 5y = 1"
PRODUCT = "x*y = 0"
DIGITS = "n in 1..9\nn^2 = 9n - 14"
QUINTIC = "x^5 - x - 1 = 0"

FAMILY = solution(
    {
        "A": value("7 - D", "6"),
        "B": value("D + 2", "3"),
        "C": value("D + 1", "2"),
        "D": value("D", "1"),
    },
    free=("D",),
)
RIGHT = boxed(
    ("1.266381653", "1.26638165282566867", "1.26638165282566868"),
    ("-1.547991444", "-1.54799144357665220", "-1.54799144357665219"),
)
LEFT = boxed(
    ("-1.103225313", "-1.1032253126626885", "-1.1032253126626884"),
    ("1.668200800", "1.6682008001137972", "1.6682008001137980"),
)
WAVES = [
    solution({"x": value(form, decimal)}, integer_parameters=["k"])
    for form, decimal in (("pi/6 + 2*pi*k", "0.5235987756"), ("5*pi/6 + 2*pi*k", "2.617993878"))
]
POINTS = [whole(x=-4, y=-3), whole(x=-3, y=-4), whole(x=3, y=4), whole(x=4, y=3)]
AXES = [
    solution({"x": value("0"), "y": value("y", "1")}, free=("y",)),
    solution({"x": value("x", "1"), "y": value("0")}, free=("x",)),
]
ROOTS = [
    solution({"x": value("1/2 - sqrt(5)/2", "-0.6180339887")}),
    solution({"x": value("(1 + sqrt(5))/2", "1.618033989")}),
]

HONEST: dict[str, tuple[str, Answer]] = {
    "linear": (LINEAR, answer("unique", whole(x=7, y=3))),
    "inconsistent": (LINEAR + "\n2x + y = 18", answer("none")),
    "grid": (GRID, answer("infinite", FAMILY)),
    "circle": (CIRCLE, answer("finite", *POINTS)),
    "double root": (DOUBLE, answer("finite", whole(x=-2) | {"multiplicity": 1}, whole(x=1) | {"multiplicity": 2})),
    "transcendental": (TRANSCENDENTAL, answer("finite", LEFT, RIGHT)),
    "golden ratio": (GOLDEN, answer("finite", *ROOTS)),
    "root of a quintic": (QUINTIC, answer("unique", solution({"x": value("CRootOf(x**5 - x - 1, 0)", "1.167303978")}))),
    "sine everywhere": (SINE, answer("infinite", *WAVES)),
    "sine in a range": (
        f"{SINE}\nx in [0, 3]",
        answer(
            "finite",
            solution({"x": value("pi/6", "0.5235987756")}),
            solution({"x": value("5*pi/6", "2.617993878")}),
        ),
    ),
    "double roots of a wave": (
        "sin(x) = 1",
        answer("infinite", solution({"x": value("pi/2 + 2*pi*k", "1.570796327")}, integer_parameters=["k"])),
    ),
    "no real solution": ("x^2 + y^2 + 1 = 0", answer("none")),
    "pole": (POLE, answer("unique", whole(x=2))),
    "lattice": (
        LATTICE,
        answer(
            "infinite", solution({"x": value("2 + 5*k", "2"), "y": value("-1 - 3*k", "-1")}, integer_parameters=["k"])
        ),
    ),
    "product": (PRODUCT, answer("infinite", *AXES)),
    "digits": (DIGITS, answer("finite", whole(n=2), whole(n=7))),
    "half line": (
        "x + y = 1\nx > 0",
        answer(
            "infinite",
            solution({"x": value("1 - y", "1"), "y": value("y", "0")}, free=("y",), conditions=["y < 1"]),
        ),
    ),
    "Lambert": ("x*exp(x) = 2", answer("unique", solution({"x": value("LambertW(2)", "0.8526055020")}))),
    "logarithm": ("2^x = 3", answer("unique", solution({"x": value("log(3)/log(2)", "1.584962501")}))),
    "asked": ("x + 1 = 3\nx^2 = ?", answer("unique", whole(x=2), answers=[{"ask": "x^2", **value("4")}])),
    "derivative": (
        "let x = 3.6\ndiff(x*x, x) = ?",
        answer("answered", answers=[{"ask": "diff(x*x, x)", **value("36/5", "7.2")}]),
    ),
    "circle alone": (
        "x^2 + y^2 = 25",
        answer(
            "infinite",
            *(
                solution(
                    {"x": value("x", "3"), "y": value(f"{sign}sqrt(25 - x**2)", f"{sign}4")},
                    free=("x",),
                    conditions=["x^2 <= 25"],
                )
                for sign in ("-", "")
            ),
        ),
    ),
    "solved for a name": (
        "solve for x\na*x + b = 0",
        answer(
            "unique",
            solution({"x": value("-b/a") | {"decimal": None}}, conditions=["a != 0"]),
            conditions=["a = 0 and b = 0: every x is a solution", "a = 0 and b != 0: no solution"],
        ),
    ),
    "greatest value": (
        "x, y in 0..10\nx + y <= 7\nx <= 4\nmaximize 3x + 2y",
        answer("best fit", whole(x=4, y=3), best={"ask": "3x + 2y", **value("18")}),
    ),
    "sum of squares": ("(x - 1)^2 + (y - 2)^2 = 0", answer("unique", whole(x=1, y=2))),
    "tail": (
        "2^x = x^2\nx > 0",
        answer("finite", whole(x=2), whole(x=4)),
    ),
    "cryptarithm": (
        "cryptarithm: SEND + MORE = MONEY",
        answer("unique", whole(S=9, E=5, N=6, D=7, M=1, O=0, R=8, Y=2)),
    ),
    "independent parts": (
        "x^2 = 4\nexp(y) = 1",
        answer("finite", whole(x=-2, y=0), whole(x=2, y=0)),
    ),
    "incomplete": (CIRCLE, answer("finite", *POINTS[:2], complete=False)),
    "conflict": (
        "x + y = 10\nx - y = 4\n2x + y = 18",
        answer(
            "none",
            conflict={
                "lines": [{"line": n, "text": t} for n, t in ((1, "x + y = 10"), (2, "x - y = 4"), (3, "2x + y = 18"))],
                "compromise": {},
            },
        ),
    ),
    "redundant": (
        "x = 1\n2x = 2\ny = 3",
        answer("unique", whole(x=1, y=3), redundant=[{"line": 2, "text": "2x = 2"}]),
    ),
}


def checked(text: str, claimed: Answer, seconds: float = 20.0) -> Verification:
    problem = parse(text)
    named = claimed | {"unknowns": [unknown.name for unknown in problem.unknowns]}
    return verify(problem, json.dumps(named), seconds=seconds)


def set_value(claimed: Answer, number: int, name: str, **changes: str | None) -> None:
    claimed["solutions"][number]["values"][name] |= changes
