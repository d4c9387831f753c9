"""Check a finished answer from its JSON alone, by code that shares nothing with what solved the puzzle.

>>> from puzzlesolver import load
>>> from puzzlesolver.verification import verify
>>> print(verify(load("grid.txt"), Path("grid.json").read_text()))  # doctest: +SKIP

It imports the `Problem` and the errors, SymPy's expressions and polynomials, mpmath's intervals, and nothing of the
engines, their proofs, or the report.
"""

from __future__ import annotations

from puzzlesolver.verification.checking import verify
from puzzlesolver.verification.verdicts import Check, Overall, Verdict, Verification

__all__ = ["Check", "Overall", "Verdict", "Verification", "verify"]
