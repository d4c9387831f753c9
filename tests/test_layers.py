"""Dependencies point one way, heavy libraries stay in their corner, and text never reaches an interpreter of code."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from places import ROOT

PACKAGE = ROOT / "puzzlesolver"
MODULES = sorted(PACKAGE.rglob("*.py"))

LAYERS = (
    ("errors", "options", "showing"),
    ("reading",),
    ("problem",),
    ("arithmetic",),
    ("answer",),
    ("analysis", "language", "verification"),
    ("proof",),
    ("fit",),
    ("exact", "numeric"),
    ("solving",),
    ("deduction", "making"),
    ("report",),
    ("commands", "facade", "printing"),
    ("cli", "__init__", "__main__"),
)
"""From the ground up. A module imports from its own layer and from those before it."""

FORBIDDEN_CALLS = {"eval", "exec", "sympify", "parse_expr", "compile", "__import__"}
ENGINES = {
    "tensorflow",
    "puzzlesolver.exact.engine",
    "puzzlesolver.solving.pipeline",
}
HOMES = {"tensorflow": "numeric", "keras": "numeric", "lark": "language"}
VERIFIER_KNOWS = ("errors", "problem", "answer.solution", "verification")


def _id(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def _parts(path: Path) -> tuple[str, ...]:
    """Where a module stands: ``("exact", "linear", "solver")``; a folder's own file is called ``__init__``."""
    return path.relative_to(PACKAGE).with_suffix("").parts


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _imports(path: Path) -> Iterator[str]:
    """Every module imported, wherever in the file that happens."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module is not None, f"{path}: relative imports hide what is imported"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if _place(whole) is not None else node.module


def _place(name: str) -> tuple[str, ...] | None:
    """Where the module called `name` stands, None where it is none of the package's."""
    first, *rest = name.split(".")
    places = (tuple(rest), (*rest, "__init__"))
    return next((place for place in places if first == "puzzlesolver" and place in PLACES), None)


PLACES = {_parts(path) for path in MODULES}
EDGES = [(_parts(path), place) for path in MODULES for name in _imports(path) if (place := _place(name)) is not None]
"""Who imports whom, within the package."""


def test_dependencies_point_down() -> None:
    """A module imports only from its own layer and those below."""
    layers = {name: number for number, names in enumerate(LAYERS) for name in names}
    assert not {place[0] for place in PLACES} - set(layers), "give it a place in LAYERS"
    assert not [edge for edge in EDGES if layers[edge[1][0]] > layers[edge[0][0]]]


def test_there_is_no_circle() -> None:
    """In every folder, the files and the folders in it can be put into an order in which each knows only earlier ones.

    Imports inside functions and for type checkers alone count, too.
    """
    circles = []
    for folder in sorted({place[:depth] for place in PLACES for depth in range(len(place))}):
        depth = len(folder)
        known: dict[str, set[str]] = {}
        for one, other in EDGES:
            if one[:depth] == folder == other[:depth] and one[depth] != other[depth]:
                known.setdefault(one[depth], set()).add(other[depth])
        try:
            TopologicalSorter(known).prepare()
        except CycleError as error:
            circles.append(("/".join(folder), error.args[1]))
    assert not circles


def test_one_name_means_one_thing() -> None:
    """No two modules define a public class, or an alias of a type, of the same name.

    The verifier has names of its own, as it has everything; the nodes of the syntax tree are called `tree.Family`; what
    users see of a data class bears its name.
    """
    places: dict[str, list[str]] = {}
    for path in MODULES:
        if _parts(path)[0] in ("verification", "facade") or _parts(path) == ("language", "tree"):
            continue
        for node in _tree(path).body:
            name = node.name if isinstance(node, ast.ClassDef) else ""
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                name = "" if node.targets[0].id.isupper() else node.targets[0].id
            if name[:1].isupper():
                places.setdefault(name, []).append(_id(path))
    assert not {name: found for name, found in places.items() if len(found) > 1}


def test_heavy_libraries_have_one_home() -> None:
    """Only the numeric engine knows TensorFlow, and only the language knows Lark."""
    for path in MODULES:
        top, libraries = _parts(path)[0], {name.partition(".")[0] for name in _imports(path)}
        assert not [name for name in libraries if HOMES.get(name, top) != top], _id(path)


def test_proof_does_not_see_the_search() -> None:
    """A certificate is worth something because the prover knows nothing of how its candidates were found."""
    seen = [(one, other) for one, other in EDGES if one[0] == "proof"]
    assert not [edge for edge in seen if edge[1][0] == "numeric" or edge[1] == ("exact", "engine")]


def test_the_verifier_shares_nothing_with_the_solver() -> None:
    """What checks an answer has its own arithmetic: it knows the problem and nothing that solves it."""
    seen = [(one, ".".join(other)) for one, other in EDGES if one[0] == "verification"]
    assert not [edge for edge in seen if not edge[1].startswith(VERIFIER_KNOWS)]


def test_no_text_is_run_as_code() -> None:
    """Nothing in the package calls an interpreter of Python or of SymPy's own syntax."""
    found = []
    for path in MODULES:
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FORBIDDEN_CALLS:
                found.append(f"{_id(path)}:{node.lineno} calls {node.func.id}")
            elif isinstance(node, ast.Attribute) and node.attr in {"sympify", "parse_expr"}:
                found.append(f"{_id(path)}:{node.lineno} uses {node.attr}")
    assert not found


def test_modules_keep_to_one_job() -> None:
    """A module of more than 450 lines has more than one job."""
    assert not [_id(path) for path in MODULES if len(path.read_text(encoding="utf-8").splitlines()) > 450]


def _loaded(*arguments: str) -> set[str]:
    """The modules loaded after running Python with `arguments`, by its own account."""
    script = (
        "import atexit, json, sys; atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr));"
    )
    run = subprocess.run(
        [sys.executable, "-c", script + arguments[0], *arguments[1:]], capture_output=True, text=True, timeout=120
    )
    return set(json.loads(run.stderr.splitlines()[-1]))


def test_importing_the_package_is_light() -> None:
    """``import puzzlesolver`` loads neither TensorFlow nor Lark nor SymPy."""
    assert not _loaded("import puzzlesolver") & {"tensorflow", "lark", "sympy"}


def test_help_is_light() -> None:
    """``--help`` loads neither TensorFlow nor SymPy."""
    run = "from puzzlesolver.cli import execute; execute(['--help'])"
    assert not _loaded(run) & {"tensorflow", "lark", "sympy", "numpy"}


def test_the_command_loads_no_engine() -> None:
    """The command passes puzzles on and prints: it solves nothing itself, and need not know what an answer is."""
    for arguments in ("-e", "x + = 1"), ("--method", "exact", "-e", "x + y = 1"):
        loaded = _loaded(f"from puzzlesolver.cli import execute; execute({list(arguments)!r})")
        assert not loaded & {*ENGINES, "sympy", "numpy", "lark"}


def test_checking_starts_nothing_that_solves() -> None:
    """``--check`` reads, and starts no process."""
    loaded = _loaded("from puzzlesolver.cli import execute; execute(['--check', '-e', 'x + y = 1'])")
    assert not loaded & {*ENGINES, "puzzlesolver.solving.worker"}
