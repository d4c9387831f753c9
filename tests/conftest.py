"""What all tests share: a quiet, repeatable TensorFlow, and golden files that ``pytest --update`` rewrites."""

from __future__ import annotations

import difflib
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

Golden = Callable[[str, Path], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the golden files instead of comparing with them")


def pytest_configure(config: pytest.Config) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a run in the background ignores it, children included
    if config.getoption("--update") and os.environ.get("CI"):
        raise pytest.UsageError("--update rewrites what CI is there to compare")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare text with what a file holds, or write it there under ``--update``."""
    update = bool(request.config.getoption("--update"))

    def check(actual: str, path: Path) -> None:
        actual = actual.replace("\r\n", "\n").rstrip("\n") + "\n"
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(actual, encoding="utf-8", newline="\n")
            return
        if not path.exists():
            pytest.fail(f"{path.name} does not exist: make it with 'pytest --update', then read it")
        expected = path.read_text(encoding="utf-8").replace("\r\n", "\n")
        if actual != expected:
            difference = difflib.unified_diff(
                expected.splitlines(), actual.splitlines(), "expected", "actual", lineterm=""
            )
            pytest.fail("\n".join([str(path), *difference]), pytrace=False)

    return check
