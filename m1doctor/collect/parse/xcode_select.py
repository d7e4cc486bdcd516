"""Reads `xcode-select -p`: the folder of the active developer tools, alone on its line."""

from __future__ import annotations

import re

_PATH = re.compile(r"^[^\S\n]*(/\S.*?)[^\S\n]*$", re.MULTILINE)


def parse_developer_folder(text: str) -> str | None:
    """The folder, or `None` where none is printed."""
    match = _PATH.search(text)
    return match[1] if match else None
