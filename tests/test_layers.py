"""Dependencies point one way, heavy libraries stay in their corner, and text never reaches an interpreter of code."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from places import ROOT

PACKAGE = ROOT / "puzzlesolver"
MODULES = sorted(PACKAGE.rglob("*.py"))

LAYERS = (
    ("errors", "options"),
    ("problem",),
    ("arithmetic",),
    ("answer",),
    ("analysis", "language", "verification"),
    ("proof",),
    ("exact", "numeric"),
    ("fit", "solving"),
    ("deduction", "making", "report"),
    ("cli", "__init__", "__main__"),
)
"""From the ground up. A module imports from its own layer and from those before it."""

FORBIDDEN_CALLS = {"eval", "exec", "sympify", "parse_expr", "compile", "__import__"}
ENGINES = {
    "tensorflow",
    "puzzlesolver.exact.engine",
    "puzzlesolver.solving.pipeline",
    "puzzlesolver.solving.worker",
}
HOMES = {"tensorflow": "numeric", "keras": "numeric", "lark": "language"}


def _id(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def _top(path: Path) -> str:
    """The folder or module right under the package."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def _layer(name: str) -> int:
    found = [number for number, names in enumerate(LAYERS) if name in names]
    assert found, f"'{name}' is in no layer: give it a place in LAYERS"
    return found[0]


def _imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Every module imported, and whether that happens inside a function or for type checkers alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    late = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        or (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node in late) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide what is imported"
            assert node.module is not None
            names = [node.module]
            if node.module == "puzzlesolver":
                names = [f"puzzlesolver.{alias.name}" for alias in node.names]
            yield from ((name, node in late) for name in names)


@pytest.mark.parametrize("path", MODULES, ids=_id)
def test_dependencies_point_down(path: Path) -> None:
    """A module imports only from its own layer and those below; what it needs later at run time is exempt."""
    own = _layer(_top(path))
    for name, late in _imports(path):
        first, _, rest = name.partition(".")
        if first == "puzzlesolver" and rest and not late:
            target = rest.split(".")[0]
            assert _layer(target) <= own, f"{_id(path)} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=_id)
def test_heavy_libraries_have_one_home(path: Path) -> None:
    """Only the numeric engine knows TensorFlow, and only the language knows Lark."""
    for name, _ in _imports(path):
        home = HOMES.get(name.partition(".")[0])
        assert home is None or _top(path) == home, f"{_id(path)} imports {name}"


@pytest.mark.parametrize("path", sorted((PACKAGE / "proof").rglob("*.py")), ids=_id)
def test_proof_does_not_see_the_search(path: Path) -> None:
    """A certificate is worth something because the prover knows nothing of how its candidates were found."""
    for name, _ in _imports(path):
        assert not name.startswith(("puzzlesolver.numeric", "puzzlesolver.exact.engine")), f"{_id(path)} imports {name}"


@pytest.mark.parametrize("path", sorted((PACKAGE / "verification").rglob("*.py")), ids=_id)
def test_the_verifier_shares_nothing_with_the_solver(path: Path) -> None:
    """What checks an answer has its own arithmetic: it knows the problem and nothing that solves it."""
    for name, _ in _imports(path):
        allowed = (
            "puzzlesolver.errors",
            "puzzlesolver.problem",
            "puzzlesolver.answer.solution",
            "puzzlesolver.verification",
        )
        assert not name.startswith("puzzlesolver.") or name.startswith(allowed), f"{_id(path)} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=_id)
def test_no_text_is_run_as_code(path: Path) -> None:
    """Nothing in the package calls an interpreter of Python or of SymPy's own syntax."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else None
            assert name not in FORBIDDEN_CALLS, f"{_id(path)}:{node.lineno} calls {name}"
        elif isinstance(node, ast.Attribute) and node.attr in {"sympify", "parse_expr"}:
            raise AssertionError(f"{_id(path)}:{node.lineno} uses {node.attr}")


@pytest.mark.parametrize("path", MODULES, ids=_id)
def test_modules_keep_to_one_job(path: Path) -> None:
    """A module of more than 450 lines has more than one job."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 450


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


def test_a_rejected_puzzle_loads_no_engine() -> None:
    """What is wrong is said before any solver is loaded."""
    run = "from puzzlesolver.cli import execute; execute(['-e', 'x + = 1'])"
    loaded = _loaded(run)
    assert not loaded & {
        "tensorflow",
        "puzzlesolver.solving.pipeline",
        "puzzlesolver.exact.engine",
        "puzzlesolver.solving.worker",
    }


def test_checking_loads_no_engine() -> None:
    """``--check`` reads, and starts nothing that solves."""
    run = "from puzzlesolver.cli import execute; execute(['--check', '-e', 'x + y = 1'])"
    loaded = _loaded(run)
    assert not loaded & {
        "tensorflow",
        "puzzlesolver.solving.pipeline",
        "puzzlesolver.exact.engine",
        "puzzlesolver.solving.worker",
    }
