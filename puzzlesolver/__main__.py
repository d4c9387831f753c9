"""``python -m puzzlesolver`` is the command ``puzzlesolve``."""

from __future__ import annotations

import signal


def main() -> None:
    """The command. While it is loaded Ctrl-C ends it as any program, in silence."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from puzzlesolver.cli import main as command

    command()


if __name__ == "__main__":
    main()
