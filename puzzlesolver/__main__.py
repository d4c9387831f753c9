"""``python -m puzzlesolver`` is the command ``puzzlesolve``."""

from puzzlesolver.cli import main

if __name__ == "__main__":
    main()
