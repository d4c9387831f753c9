"""OR-Tools' CP-SAT, loaded late and never beside TensorFlow.

The two libraries bring copies of the same C++ code, and in one process they can crash each other (OR-Tools 9.15 with
TensorFlow 2.21). The worker process has no TensorFlow; whoever calls the finite engine elsewhere is told.
"""

from __future__ import annotations

import sys
from typing import Any


def cp_sat() -> Any:
    """The module `ortools.sat.python.cp_model`. Raises RuntimeError in a process in which TensorFlow is loaded."""
    if "tensorflow" in sys.modules:
        raise RuntimeError("CP-SAT cannot work in a process with TensorFlow: submit the task to a worker")
    from ortools.sat.python import cp_model  # loads pandas: only where there is a model to build

    return cp_model
