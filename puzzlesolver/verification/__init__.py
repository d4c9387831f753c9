"""Check a finished answer from its JSON alone, by code that shares nothing with what solved the puzzle.

>>> from puzzlesolver import parse, solve
>>> from puzzlesolver.verification import verify
>>> problem = parse("x + y = 10; x - y = 4")
>>> print(verify(problem, solve(problem).to_json()))  # doctest: +SKIP
CONFIRMED
  solution 1: holds — put back exactly into the equations, conditions and domains

It imports the `Problem` and the errors, SymPy, python-flint's balls and matrices, and nothing of
the engines, their proofs, or the report.
"""

from __future__ import annotations

from puzzlesolver.verification.checking import verify
from puzzlesolver.verification.verdicts import Check, Overall, Verdict, Verification

__all__ = ["Check", "Overall", "Verdict", "Verification", "verify"]
