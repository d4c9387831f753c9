"""The numeric engine's front door. A problem comes in, plain numbers go out, and nothing is proved of them.

Importing this module does not import TensorFlow; the first call that needs it does, or `begin_loading` before.
"""

from __future__ import annotations

from puzzlesolver.numeric.fitting import fit
from puzzlesolver.numeric.objective import minimize
from puzzlesolver.numeric.quiet import begin_loading, is_loaded, loaded_by, tensorflow
from puzzlesolver.numeric.residual import trace_count
from puzzlesolver.numeric.search import search
from puzzlesolver.numeric.tape import tape_value
from puzzlesolver.numeric.whole import search_whole

__all__ = [
    "begin_loading",
    "finish_loading",
    "fit",
    "is_loaded",
    "minimize",
    "search",
    "search_whole",
    "tape_value",
    "trace_count",
]


def finish_loading(deadline: float) -> bool:
    """Wait until TensorFlow is there, at most until `deadline` (`time.monotonic`); whether it is.

    Raises ImportError where it cannot be loaded.
    """
    if not loaded_by(deadline):
        return False
    tensorflow()
    return True
