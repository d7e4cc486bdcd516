"""Captured text and command lines made safe to show: nothing in them can move the cursor or hide what follows."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence


def plain(text: str) -> str:
    """Show `text` on one line: every character that is not printable is written as its escape.

    That takes control characters, bidirectional overrides, zero-width and unassigned characters, and every space
    but the usual one. Tabs become spaces. Printable text of any script is left as it is.
    """
    if text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def plain_lines(text: str) -> list[str]:
    """Split `text` at its line ends and make each line safe."""
    return [plain(line) for line in re.split(r"\r\n|\n|\r(?=.)", text.rstrip("\r\n"))]


def paste_line(argv: Sequence[str]) -> str:
    """The command as one line for a shell, to be pasted as it is.

    Words are quoted as POSIX shells want it. One with characters that a terminal would act on is written as ``$'…'``,
    which zsh and bash read back to the very same word.
    """
    return " ".join(_word(word) for word in argv)


def _word(word: str) -> str:
    if word.isprintable():
        return shlex.quote(word)
    escaped = word.replace("\\", "\\\\").replace("'", "\\'")
    return "$'" + "".join(_ansi_c(character) for character in escaped) + "'"


def _ansi_c(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # noqa: PLR2004 - the range in which Python keeps bytes that are no UTF-8
        return f"\\x{code - 0xDC00:02x}"
    return "".join(f"\\x{byte:02x}" for byte in character.encode("utf-8", "replace"))


def _shown(character: str) -> str:
    if character == "\t":
        return "    "
    return character if character.isprintable() else character.encode("unicode_escape").decode()
