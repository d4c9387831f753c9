"""A finished answer is checked from its JSON alone: what is true is confirmed, and no forgery ever is."""

from __future__ import annotations

import ast
import copy
import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from honest import HONEST, LINEAR, Answer, answer, boxed, checked, set_value, solution, value, whole
from hypothesis import given, settings
from hypothesis import strategies as st
from places import ROOT

from puzzlesolver import MeaningMistake, load, parse, solve
from puzzlesolver.verification import Overall, Verdict, verify

PACKAGE = ROOT / "puzzlesolver" / "verification"


@pytest.mark.parametrize("name", HONEST)
def test_what_is_true_is_confirmed(name: str) -> None:
    """Every claim of an honest answer is proved again."""
    text, claimed = HONEST[name]
    found = checked(text, claimed)
    assert found.overall is Overall.CONFIRMED, str(found)
    assert found.exit_status == 0


EXAMPLES = ROOT / "examples"
CONFIRMED_EXAMPLES = (
    "ages",
    "arm",
    "autograd",
    "chickens",
    "circle",
    "decay",
    "double-root",
    "fruit",
    "grid",
    "inconsistent",
    "lattice",
    "magic-square",
    "no-real",
    "polynomial",
    "sine",
    "sine-everywhere",
    "transcendental",
)


@pytest.mark.parametrize("name", CONFIRMED_EXAMPLES)
def test_answers_of_the_solver_are_confirmed(name: str) -> None:
    """What the exact engine and the interval search answer to the examples stands the test in full.

    A model that is not linear in its parameters has no exact estimate: Nadam's is certified.
    """
    problem = load(EXAMPLES / f"{name}.txt")
    method = "exact" if problem.fit is None else "auto"
    found = verify(problem, solve(problem, method=method, time_limit=20).to_json())
    assert found.overall is Overall.CONFIRMED, str(found)


# --- forgeries --------------------------------------------------------------------------------------------------------

Forgery = Callable[[Answer], None]
FORGERIES: dict[str, tuple[str, Forgery, bool]] = {}
"""By name: the honest answer it begins with, what is changed, and whether it must be refused (or not confirmed)."""


def forgery(name: str, honest: str, *, refused: bool = True) -> Callable[[Forgery], Forgery]:
    def noted(change: Forgery) -> Forgery:
        FORGERIES[name] = honest, change, refused
        return change

    return noted


@forgery("a wrong number", "linear")
def _(claimed: Answer) -> None:
    set_value(claimed, 0, "x", exact="8", decimal="8")


@forgery("a number wrong in its last digit only", "linear")
def _(claimed: Answer) -> None:
    set_value(claimed, 0, "x", exact="7 + 1/10**30")


@forgery("a changed decimal", "golden ratio")
def _(claimed: Answer) -> None:
    set_value(claimed, 1, "x", decimal="1.618033988")


@forgery("a changed decimal in a box", "transcendental")
def _(claimed: Answer) -> None:
    set_value(claimed, 0, "x", decimal="-1.103225312")


@forgery("a wrong closed form", "golden ratio")
def _(claimed: Answer) -> None:
    set_value(claimed, 1, "x", exact="(1 + sqrt(6))/2")


@forgery("a closed form that is near", "golden ratio")
def _(claimed: Answer) -> None:
    set_value(claimed, 1, "x", exact="1618033988749894848204586834366/1000000000000000000000000000000")


@forgery("a root dropped from a complete list", "circle")
def _(claimed: Answer) -> None:
    del claimed["solutions"][1]


@forgery("a boxed root dropped from a complete list", "transcendental")
def _(claimed: Answer) -> None:
    del claimed["solutions"][1]
    claimed["status"] = "unique"


@forgery("a digit dropped from a complete list", "digits")
def _(claimed: Answer) -> None:
    del claimed["solutions"][1]
    claimed["status"] = "unique"


@forgery("a double root dropped", "double root")
def _(claimed: Answer) -> None:
    del claimed["solutions"][1]
    claimed["status"] = "unique"


@forgery("a wrong multiplicity", "double root")
def _(claimed: Answer) -> None:
    claimed["solutions"][1]["multiplicity"] = 3


@forgery("a solution twice", "circle")
def _(claimed: Answer) -> None:
    claimed["solutions"][1] = copy.deepcopy(claimed["solutions"][0])


@forgery("a solution twice in two forms", "golden ratio", refused=False)
def _(claimed: Answer) -> None:
    claimed["solutions"].append(solution({"x": value("2/(sqrt(5) - 1)", "1.618033989")}))


@forgery("a solution too many", "circle")
def _(claimed: Answer) -> None:
    claimed["solutions"].append(whole(x=0, y=5))


@forgery("a moved box", "transcendental")
def _(claimed: Answer) -> None:
    set_value(claimed, 1, "x", low="1.26638165282566870", high="1.26638165282566871")


@forgery("a box around two roots", "transcendental", refused=False)
def _(claimed: Answer) -> None:
    claimed["solutions"] = [boxed(("0", "-2", "2"), ("0", "-2", "2"))]
    claimed["status"] = "unique"


@forgery("a box far from any root", "transcendental")
def _(claimed: Answer) -> None:
    claimed["solutions"][0] = boxed(("0.5", "0.4", "0.6"), ("0.5", "0.4", "0.6"))


@forgery("a box turned inside out", "transcendental")
def _(claimed: Answer) -> None:
    box = claimed["solutions"][1]["values"]["x"]
    box["low"], box["high"] = box["high"], box["low"]


@forgery("a family with a wrong coefficient", "grid")
def _(claimed: Answer) -> None:
    set_value(claimed, 0, "B", exact="2*D + 2")


@forgery("a family shifted", "grid")
def _(claimed: Answer) -> None:
    set_value(claimed, 0, "A", exact="8 - D")


@forgery("one member in place of the family", "grid")
def _(claimed: Answer) -> None:
    claimed.update(answer("unique", whole(A=6, B=3, C=2, D=1)))


@forgery("half of a family", "grid")
def _(claimed: Answer) -> None:
    claimed["solutions"][0]["conditions"] = ["D > 0"]


@forgery("one member of a family, by an equation", "grid")
def _(claimed: Answer) -> None:
    claimed["solutions"][0]["conditions"] = ["D = 1"]


@forgery("one wave of each family, by an equation", "sine everywhere", refused=False)
def _(claimed: Answer) -> None:
    for item in claimed["solutions"]:
        item["conditions"] = ["k = 0"]


@forgery("a point under a condition that is false", "linear", refused=False)
def _(claimed: Answer) -> None:
    claimed["solutions"][0]["conditions"] = ["1 < 0"]


@forgery("a point under a condition that is not understood", "linear", refused=False)
def _(claimed: Answer) -> None:
    claimed["solutions"][0]["conditions"] = ["q > 0"]


@forgery("a family without one member", "grid")
def _(claimed: Answer) -> None:
    claimed["solutions"][0]["conditions"] = ["D != 5"]


@forgery("a family whose sample is no member", "grid")
def _(claimed: Answer) -> None:
    set_value(claimed, 0, "A", decimal="5")


@forgery("a component missing", "product")
def _(claimed: Answer) -> None:
    del claimed["solutions"][1]
    claimed["free"] = ["y"]


@forgery("half of a circle", "circle alone", refused=False)
def _(claimed: Answer) -> None:
    del claimed["solutions"][1]


@forgery("a circle beyond its ends", "circle alone")
def _(claimed: Answer) -> None:
    claimed["solutions"][1]["conditions"] = ["x <= 6"]


@forgery("a name that divides by zero", "solved for a name")
def _(claimed: Answer) -> None:
    claimed["solutions"][0]["conditions"] = []


@forgery("a case that is no solution's", "solved for a name", refused=False)
def _(claimed: Answer) -> None:
    claimed["conditions"][1] = "a = 0 and b != 0: every x is a solution"


@forgery("a root far out missing", "tail")
def _(claimed: Answer) -> None:
    del claimed["solutions"][1]
    claimed["status"] = "unique"


@forgery("half of the waves missing", "sine everywhere")
def _(claimed: Answer) -> None:
    del claimed["solutions"][1]


@forgery("every second wave missing", "sine everywhere", refused=False)
def _(claimed: Answer) -> None:
    set_value(claimed, 0, "x", exact="pi/6 + 4*pi*k")


@forgery("waves that come too often", "sine everywhere")
def _(claimed: Answer) -> None:
    set_value(claimed, 0, "x", exact="pi/6 + pi*k")


@forgery("every second point of a lattice", "lattice", refused=False)
def _(claimed: Answer) -> None:
    set_value(claimed, 0, "x", exact="2 + 10*k")
    set_value(claimed, 0, "y", exact="-1 - 6*k")


@forgery("points between those of a lattice", "lattice")
def _(claimed: Answer) -> None:
    set_value(claimed, 0, "x", exact="2 + 5*k/2")
    set_value(claimed, 0, "y", exact="-1 - 3*k/2")


@forgery("a family beyond its condition", "half line")
def _(claimed: Answer) -> None:
    claimed["solutions"][0]["conditions"] = []


@forgery("a family up to its open end", "half line")
def _(claimed: Answer) -> None:
    claimed["solutions"][0]["conditions"] = ["y <= 1"]


@forgery("a dimension too many", "grid")
def _(claimed: Answer) -> None:
    claimed["dimension"] = 2


@forgery("a parameter that does nothing", "linear")
def _(claimed: Answer) -> None:
    claimed.update(answer("infinite", whole(x=7, y=3) | {"free": ["t"], "dimension": 1}))


@forgery("none for a solvable system", "linear")
def _(claimed: Answer) -> None:
    claimed.update(answer("none"))


@forgery("none for a solvable polynomial system", "circle")
def _(claimed: Answer) -> None:
    claimed.update(answer("none"))


@forgery("none for a transcendental system", "transcendental")
def _(claimed: Answer) -> None:
    claimed.update(answer("none"))


@forgery("none for a puzzle with digits", "cryptarithm")
def _(claimed: Answer) -> None:
    claimed.update(answer("none"))


@forgery("a solution of an inconsistent system", "inconsistent")
def _(claimed: Answer) -> None:
    claimed.update(answer("unique", whole(x=7, y=3)))


@forgery("completeness claimed of some solutions", "incomplete")
def _(claimed: Answer) -> None:
    claimed["complete"] = True


@forgery("a status that says something else", "circle")
def _(claimed: Answer) -> None:
    claimed["status"] = "unique"


@forgery("a point outside the domain", "sine in a range")
def _(claimed: Answer) -> None:
    claimed["solutions"].append(solution({"x": value("13*pi/6", "6.806784083")}))


@forgery("a point where a denominator vanishes", "pole")
def _(claimed: Answer) -> None:
    claimed.update(answer("finite", whole(x=1), whole(x=2)))


@forgery("an imaginary solution", "no real solution")
def _(claimed: Answer) -> None:
    claimed.update(answer("unique", solution({"x": value("I", "0"), "y": value("0")}), complete=False))


@forgery("a wrong answer to a question", "asked")
def _(claimed: Answer) -> None:
    claimed["answers"][0] |= value("5")


@forgery("a wrong decimal of an answer", "derivative")
def _(claimed: Answer) -> None:
    claimed["answers"][0]["decimal"] = "7.3"


@forgery("an answer to another question", "asked")
def _(claimed: Answer) -> None:
    claimed["answers"][0]["ask"] = "x^3"


@forgery("swapped letters", "cryptarithm")
def _(claimed: Answer) -> None:
    set_value(claimed, 0, "E", exact="6", decimal="6")
    set_value(claimed, 0, "N", exact="5", decimal="5")


@forgery("a combination missing", "independent parts", refused=False)
def _(claimed: Answer) -> None:
    del claimed["solutions"][1]
    claimed["status"] = "unique"


@forgery("no conflict", "conflict")
def _(claimed: Answer) -> None:
    del claimed["conflict"]["lines"][2]


@forgery("a line that is needed", "redundant")
def _(claimed: Answer) -> None:
    claimed["redundant"] = [{"line": 3, "text": "y = 3"}]


@forgery("numbers without proof", "transcendental", refused=False)
def _(claimed: Answer) -> None:
    for item in claimed["solutions"]:
        item |= {"evidence": "numeric", "multiplicity": None}
        for own in item["values"].values():
            own |= {"low": None, "high": None}


@forgery("numbers far off", "transcendental")
def _(claimed: Answer) -> None:
    claimed["solutions"][0] = solution({"x": value(None, "0.5"), "y": value(None, "0.25")}, evidence="numeric")


@forgery("unknowns left out", "linear")
def _(claimed: Answer) -> None:
    del claimed["solutions"][0]["values"]["y"]


@forgery("a text that is no closed form", "linear")
def _(claimed: Answer) -> None:
    set_value(claimed, 0, "x", exact="__import__('os').getpid()")


@pytest.mark.parametrize("name", FORGERIES)
def test_no_forgery_is_confirmed(name: str) -> None:
    """An answer with one false claim is refused; where the truth is out of reach, it is at least not confirmed."""
    honest, change, refused = FORGERIES[name]
    text, claimed = copy.deepcopy(HONEST[honest])
    change(claimed)
    found = checked(text, claimed)
    assert found.overall is not Overall.CONFIRMED, str(found)
    assert "could not be worked out" not in str(found)
    if refused:
        assert found.overall is Overall.REFUSED, str(found)
        assert found.exit_status == 1
    else:
        assert found.exit_status in (1, 3)


# --- what is no answer ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"format": "puzzlesolver/2"}',
        '{"format": "puzzlesolver/1", "file": "a", "errors": []}',
        '{"format": "puzzlesolver/1", "status": "unique", "status": "none"}',
        "[" * 100_000,
        json.dumps(HONEST["linear"][1] | {"status": "perhaps"}),
        json.dumps(HONEST["linear"][1] | {"complete": 1}),
        json.dumps(HONEST["linear"][1] | {"solutions": [{}]}),
        json.dumps(HONEST["linear"][1]).replace('"7"', "NaN"),
        json.dumps(HONEST["linear"][1] | {"solutions": [whole(x=7, y=3) | {"values": {"x": {"exact": 7}}}]}),
    ],
)
def test_what_is_no_answer_is_wrong_input(text: str) -> None:
    """A text that is not in the published format raises, and is not refused as an answer."""
    with pytest.raises(MeaningMistake):
        verify(parse(LINEAR), text)


HOSTILE = [
    "9**9**9**9",
    "(" * 5000 + "7" + ")" * 5000,
    "+".join(["7"] * 40_000),
    "factorial(10**9)",
    "exp(exp(exp(exp(99))))",
    "Piecewise((7, True))",
    "x.__class__",
    "[7 for i in 1]",
    "7 if 1 else 8",
    "lambda: 7",
    "'7'",
    "7.0",
    "y",
    "zoo",
    "1/0",
    "sqrt(-49)",
    "CRootOf(x**99999 - 2, 0)",
    "CRootOf(x**2 + 1, 0)",
    "acos(2)",
    "log(0)",
    "7 + I*0**(-1)",
    "\u1399\u16df0",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_does_harm(text: str) -> None:
    """Whatever stands in the place of a closed form is read within limits, run nowhere, and not confirmed."""
    claimed = answer("unique", solution({"x": value(text, "7"), "y": value("3")}))
    assert checked(LINEAR, claimed).overall is not Overall.CONFIRMED


def test_the_package_shares_nothing_with_the_solver() -> None:
    """It imports the problem and the errors, itself, public libraries; and runs no text."""
    allowed = {"puzzlesolver.problem", "puzzlesolver.errors", "sympy", "mpmath", "flint"}
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [str(node.module)]
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"eval", "exec", "compile", "sympify", "parse_expr", "lambdify"}, path.name
            for name in names:
                if name.startswith(("puzzlesolver", "sympy", "mpmath", "numpy", "scipy", "flint", "tensorflow")):
                    top = name.split(".")[0]
                    own = name.startswith("puzzlesolver.verification")
                    assert own or name in allowed or (top in allowed and top != "puzzlesolver"), f"{path.name}: {name}"


def test_an_answer_may_come_as_an_object() -> None:
    """The mapping that `json.loads` gives is as good as the text."""
    text, claimed = HONEST["linear"]
    assert verify(parse(text), claimed).overall is Overall.CONFIRMED


def test_time_that_is_over_proves_nothing() -> None:
    """Where the budget is used up, claims are not re-proved, and nothing is confirmed."""
    for name in ("circle", "cryptarithm", "transcendental"):
        text, claimed = HONEST[name]
        found = checked(text, claimed, seconds=0.0)
        assert found.overall is Overall.IN_PART
        assert found.exit_status == 3


def test_the_words_name_what_failed() -> None:
    """The text for people begins with the verdict and says of each claim why it stands or falls."""
    text, claimed = copy.deepcopy(HONEST["circle"])
    set_value(claimed, 2, "x", exact="5", decimal="5")
    found = checked(text, claimed)
    assert str(found).startswith("REFUSED: solution 3")
    assert "x^2 + y^2 = 25" in str(found)
    assert str(checked(*HONEST["circle"])).startswith("CONFIRMED\n")


# --- fits -------------------------------------------------------------------------------------------------------------

LINE = "fit y = a*x + b\ndata\n  x  y\n  0  1\n  1  3\n  2  4\n  3  8\n"
"""Its least-squares line is 11/5 x + 7/10, the residual sum of squares 9/5."""
DECAY = "fit y = c*exp(-t)\ndata\n  t  y\n  0  2\n  1  1\n"


def fitted_line() -> Answer:
    statistics = {
        "parameters": {
            "a": {"estimate": 2.2, "standard_error": 0.4242640687, "confidence_interval": [0.3745402, 4.0254598]},
            "b": {"estimate": 0.7, "standard_error": 0.7937253933, "confidence_interval": [-2.715123, 4.115123]},
        },
        "residual_sum_of_squares": 1.8,
        "degrees_of_freedom": 2,
        "residual_standard_deviation": 0.9486832981,
        "r_squared": 0.9307692308,
    }
    return answer("best fit", solution({"a": value("11/5", "2.2"), "b": value("7/10", "0.7")}), fit=statistics)


def test_a_fit_is_solved_again() -> None:
    """The normal equations are solved over the rationals, and the statistics worked out from them."""
    found = checked(LINE, fitted_line())
    assert found.overall is Overall.CONFIRMED, str(found)


@pytest.mark.parametrize(
    "change",
    [
        lambda a: set_value(a, 0, "a", exact="21/10", decimal="2.1"),
        lambda a: set_value(a, 0, "a", decimal="2.3"),
        lambda a: a["fit"].update(residual_sum_of_squares=1.7),
        lambda a: a["fit"].update(degrees_of_freedom=3),
        lambda a: a["fit"].update(r_squared=0.99),
        lambda a: a["fit"]["parameters"]["a"].update(standard_error=0.4),
        lambda a: a["fit"]["parameters"]["b"].update(confidence_interval=[0.6, 0.8]),
        lambda a: a["fit"]["parameters"].pop("b"),
    ],
)
def test_a_forged_fit_is_refused(change: Callable[[Answer], Any]) -> None:
    """Another estimate, or another statistic, is seen."""
    claimed = fitted_line()
    change(claimed)
    assert checked(LINE, claimed).overall is Overall.REFUSED


# --- puzzles made backwards from their solutions ----------------------------------------------------------------------

small = st.integers(-9, 9)


@given(
    st.lists(st.tuples(small, small, small), min_size=3, max_size=4),
    st.tuples(small, small, small),
    st.integers(0, 2),
    st.integers(1, 3),
)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_linear_systems(rows: list[tuple[int, int, int]], point: tuple[int, int, int], place: int, off: int) -> None:
    """Of a linear system made from a point, the point alone is confirmed where it is the only one, and no other is."""
    names = ("x", "y", "z")
    lines = [
        " + ".join(f"({a})*{name}" for a, name in zip(row, names, strict=True))
        + f" = {sum(a * v for a, v in zip(row, point, strict=True))}"
        for row in rows
    ]
    text = "\n".join([*lines, "x + y + z < 1000"])
    claimed = answer("unique", whole(**dict(zip(names, point, strict=True))))
    found = checked(text, claimed)
    assert found.overall is (Overall.CONFIRMED if _rank(rows) == 3 else Overall.REFUSED), str(found)
    moved = list(point)
    moved[place] += off
    forged = answer("unique", whole(**dict(zip(names, moved, strict=True))))
    assert checked(text, forged).overall is Overall.REFUSED


def _rank(rows: list[tuple[int, int, int]]) -> int:
    """By minors."""
    triples = [(a, b, c) for i, a in enumerate(rows) for j, b in enumerate(rows[:i]) for c in rows[:j]]
    for a, b, c in triples:
        cross = (b[1] * c[2] - b[2] * c[1], b[2] * c[0] - b[0] * c[2], b[0] * c[1] - b[1] * c[0])
        if sum(x * y for x, y in zip(a, cross, strict=True)):
            return 3
    return 2  # or less


@given(st.lists(small, min_size=1, max_size=5), st.booleans(), st.data())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_polynomials(roots: list[int], with_pair: bool, data: st.DataObject) -> None:
    """Of a polynomial made from its roots, the list is confirmed, and refused with one root less or one more."""
    factors = "*".join(f"(x - ({root}))" for root in roots) + ("*(x^2 + x + 1)" if with_pair else "")
    distinct = sorted(set(roots))
    items = [whole(x=root) | {"multiplicity": roots.count(root)} for root in distinct]
    claimed = answer("unique" if len(items) == 1 else "finite", *items)
    found = checked(f"{factors} = 0", claimed)
    assert found.overall is Overall.CONFIRMED, str(found)
    more = copy.deepcopy(claimed)
    more["solutions"].append(whole(x=data.draw(st.integers(10, 20))))
    more["status"] = "finite"
    assert checked(f"{factors} = 0", more).overall is Overall.REFUSED
    if len(items) > 1:
        less = copy.deepcopy(claimed)
        del less["solutions"][data.draw(st.integers(0, len(items) - 1))]
        less["status"] = "unique" if len(items) == 2 else "finite"
        assert checked(f"{factors} = 0", less).overall is Overall.REFUSED


@given(small, small, st.integers(1, 12), st.integers(-40, 40))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_boxes(a: int, b: int, width: int, shift: int) -> None:
    """A box is confirmed where it holds the one root there is, by plain comparison, and refused where it does not."""
    root = Fraction(a) + Fraction(b, 10)
    text = f"exp(x - ({a}) - ({b})/10) + x = 1 + ({a}) + ({b})/10"
    low, high = root + Fraction(shift - width, 20) + Fraction(1, 1000), root + Fraction(shift + width, 20)
    claimed = answer(
        "unique",
        solution({"x": value(None, _text(root), _text(low), _text(high))}, evidence="certified"),
    )
    found = checked(text, claimed)
    assert found.overall is (Overall.CONFIRMED if low < root < high else Overall.REFUSED) or root in (low, high), str(
        found
    )


def _text(number: Fraction) -> str:
    return f"{float(number):.3f}"


@given(st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=4), st.data())
@settings(max_examples=20, deadline=None, derandomize=True)
def test_whole_numbers(points: set[tuple[int, int]], data: st.DataObject) -> None:
    """Of a puzzle made from its whole-number points, the list is confirmed, and refused with a point less."""
    product = "*".join(f"((x - {x})^2 + (y - {y})^2)" for x, y in sorted(points))
    text = f"x, y in 0..4\n{product} = 0"
    items = [whole(x=x, y=y) for x, y in sorted(points)]
    claimed = answer("unique" if len(items) == 1 else "finite", *items)
    assert checked(text, claimed).overall is Overall.CONFIRMED
    if len(items) > 1:
        del claimed["solutions"][data.draw(st.integers(0, len(items) - 1))]
        claimed["status"] = "unique" if len(items) == 2 else "finite"
        found = checked(text, claimed)
        assert found.overall is Overall.REFUSED
        assert any(check.subject == "completeness" and check.verdict is Verdict.FAILS for check in found.checks)
