"""What is built is whole: every package and every grammar file is in the wheel, and the wheel works from anywhere."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from places import ROOT


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources, so that no build directory is left in the checkout."""
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE", "MANIFEST.in"):
        shutil.copy(ROOT / name, source)
    for folder in ("puzzlesolver", "grammar"):
        shutil.copytree(ROOT / folder, source / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return source


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that is built of them."""
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(target), str(source)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stdout + run.stderr
    (built,) = target.glob("*.whl")
    return built


def test_every_package_is_listed() -> None:
    """The list of packages in pyproject.toml is the tree's."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    folders = {path.parent.relative_to(ROOT) for path in (ROOT / "puzzlesolver").rglob("__init__.py")}
    expected = {".".join(folder.parts) for folder in folders} | {"puzzlesolver.grammar"}
    assert expected == set(project["tool"]["setuptools"]["packages"])


def test_the_wheel_holds_every_file(source: Path, wheel: Path) -> None:
    """Every module and every grammar file of the checkout is in the wheel, and so is the mark of its types."""
    modules = {str(path.relative_to(source)) for path in (source / "puzzlesolver").rglob("*.py")}
    grammars = {f"puzzlesolver/grammar/{path.name}" for path in (source / "grammar").glob("*.lark")}
    assert grammars
    assert modules | grammars | {"puzzlesolver/py.typed"} <= set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_reads_a_puzzle_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    """Unpacked elsewhere and run from elsewhere, it finds its grammar."""
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import puzzlesolver; "
        "print(puzzlesolver.__file__); print(len(puzzlesolver.parse('x + y = 3').equations))"
    )
    # -P: not even the current folder may help.
    command = [sys.executable, "-P", "-c", script, str(site)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    place, count = run.stdout.splitlines()
    assert Path(place).is_relative_to(site)
    assert count == "1"


def test_the_version_is_one() -> None:
    """The package and pyproject.toml tell the same version."""
    import puzzlesolver

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert puzzlesolver.__version__ == project["project"]["version"]
