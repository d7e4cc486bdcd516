"""Imports of TensorFlow that fail.

The rules:

1. A frame of ``tensorflow/__init__.py`` at module level, in the form of Python, IPython or pytest, belongs to an import
   of TensorFlow. With an exception after it, or with nothing after it (people cut there), the import failed.
2. The exception line after the frames is quoted. Where it is a known fault of its own (a library, NumPy, protobuf, …),
   only that is told: the failed import is its consequence.
3. The stack under a *Fatal Python error* (``line 40 in <module>``, without the comma) is that of a death, not of an
   exception.
4. An import that a person interrupted did not fail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from m1doctor.support.log.clues import Clues
from m1doctor.support.log.passage import Found, Line, trimmed

_FRAME = re.compile(
    r"""tensorflow(?:_core)?[/\\]__init__\.py["']?,?\ (?:line\ \d+,\ )?in\ <module>       # Python, old IPython
      | tensorflow(?:_core)?[/\\]__init__\.py:\d+(?:,?\ in\ <module>|\s*$|:\ in\ <module>)  # new IPython, pytest
      | tensorflow[/\\]python[/\\](?:__init__|pywrap_tensorflow)\.py["']?(?:,\ line\ \d+,)?(?:\ in\ <module>|:\d+)""",
    re.VERBOSE,
)
_PLUGIN_CALL = re.compile(r"load_library\(_plugin_dir\)|load_pluggable_device_library\(")
_NATIVE = re.compile(r"Failed to load the native TensorFlow runtime")
_EXCEPTION = re.compile(
    r"^(?:E\s+|>\s+)?(?P<type>(?:[A-Za-z_][\w]*\.)*[A-Z]\w*(?:Error|Exception|Warning|Interrupt|Exit))(?::\s*(?P<message>.*))?$"
)
_HEADER = re.compile(r"Traceback \(most recent call last\)")
_CHAINED = re.compile(r"During handling of the above exception|direct cause of the following exception")
_REACH = 150


def read(passage: Sequence[Line], clues: Clues) -> Iterator[Found]:
    """Find imports of TensorFlow that fail."""
    del clues
    index = 0
    while index < len(passage):
        text = passage[index].text
        if _NATIVE.search(text):
            yield Found(kind="import-fails", first=index, lines=frozenset({index}), details=_words(text))
            index += 1
            continue
        if not (_FRAME.search(text) or _PLUGIN_CALL.search(text)):
            index += 1
            continue
        found, index = _failure(passage, index)
        if found is not None:
            yield found


def _failure(passage: Sequence[Line], index: int) -> tuple[Found | None, int]:
    """The failed import whose first frame is at `index`, and where to read on."""
    plugin = False
    at = index
    last_frame = index
    for at in range(index, min(index + _REACH, len(passage))):
        text = passage[at].text
        if at > index and _HEADER.search(text) and not _EXCEPTION.match(text.strip()):
            break
        plugin = plugin or bool(_PLUGIN_CALL.search(text))
        if _FRAME.search(text) or _PLUGIN_CALL.search(text):
            last_frame = at
        exception = _EXCEPTION.match(text.strip())
        if exception is None or _HEADER.search(text):
            continue
        if exception["type"].rsplit(".", 1)[-1] in ("KeyboardInterrupt", "SystemExit"):
            return None, at + 1
        if at + 3 < len(passage) and any(_CHAINED.search(line.text) for line in passage[at + 1 : at + 3]):
            continue
        details = _words(text.strip().removeprefix("E ").strip())
        if plugin:
            details["where"] = " while a plugin is loaded"
        quote = tuple(dict.fromkeys((index, last_frame, at)))
        return Found(
            kind="import-fails", first=index, quote=quote, details=details, lines=frozenset(range(index, at + 1))
        ), at + 1
    details = {"where": " while a plugin is loaded"} if plugin else {}
    quote = tuple(dict.fromkeys((index, last_frame)))
    lines = frozenset(range(index, last_frame + 1))
    return Found(kind="import-fails", first=index, quote=quote, details=details, lines=lines), max(at, index + 1)


def _words(text: str) -> dict[str, str]:
    text = text.strip()
    return {"words": f": {trimmed(text, 160).rstrip('.')}"} if text else {}
