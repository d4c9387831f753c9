"""Files of bearable size, read as text; nothing heavy is loaded for it."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import IO

from puzzlesolver.errors import Diagnostic, PuzzleError, Severity, SyntaxMistake

MAX_SOURCE = 1_000_000  # Characters of a puzzle file.


def read_text(path: Path) -> str:
    """The text of a file, or of a pipe, of bearable size in UTF-8; raises `PuzzleError`."""
    try:
        mode = os.stat(path).st_mode
        if not stat.S_ISREG(mode) and not stat.S_ISFIFO(mode):
            reason = "is a folder" if stat.S_ISDIR(mode) else "is no regular file"
        else:
            with open(path, "rb") as file:
                content = file.read(4 * MAX_SOURCE + 1)
            if len(content) <= 4 * MAX_SOURCE:
                return content.decode("utf-8")
            reason = f"is longer than {MAX_SOURCE} characters"
    except OSError as error:
        reason = f"cannot be read: {(error.strerror or 'unknown reason').lower()}"
    except UnicodeDecodeError as error:
        reason = f"is not in UTF-8: its byte {error.start + 1} fits no character"
    except ValueError:  # a null character in the name
        reason = "is no name of a file"
    raise SyntaxMistake(Diagnostic(Severity.ERROR, f"{path} {reason}", None))


def read_stream(stream: IO[bytes], name: str) -> str:
    """The text of an open stream in UTF-8, called `name` in messages; raises `PuzzleError`."""
    try:
        return stream.read(4 * MAX_SOURCE + 1).decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"{name} is not in UTF-8: its byte {error.start + 1} fits no character"
        raise PuzzleError(Diagnostic(Severity.ERROR, message, None)) from None
