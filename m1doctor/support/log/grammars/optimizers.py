"""Keras' switch to an older optimizer on Apple silicon, where it goes wrong.

The rules:

1. The line that announces the switch is harmless by itself; the grammar remembers it.
2. An older optimizer that is asked for ``build`` shows the switch even without that line: no other path leads there.
3. After the line, an exception about the optimizer (a string in its place, a name that has no older form, an attribute
   that only newer optimizers have) is its consequence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from m1doctor.support.log.clues import Clues
from m1doctor.support.log.passage import Found, Line, trimmed

_FALLBACK = re.compile(r"Falling back to the legacy Keras optimizer|known slowdown when using v2\.11")
_NAMED = re.compile(r"optimizers\.legacy\.(?P<name>\w+)")
_BUILD = re.compile(r"'(?P<name>Adam|SGD|RMSprop|Adagrad|Adadelta|Adamax|Nadam|Ftrl)' object has no attribute 'build'")
_OTHER = re.compile(
    r"'(?P<name>\w+)' object has no attribute "
    r"'(?:minimize|get_updates|apply_gradients|_variables|variables|build|learning_rate|get_config)'"
    r"|optimizers\.legacy\S*' has no attribute '(?P<name2>\w+)'|[Uu]nknown optimizer:? ?'?(?P<name3>[\w>]+)"
    r"|[Cc]ould not interpret optimizer identifier:? ?(?P<name4>[\w<>.'\" ]+)"
)
_REACH = 400


def read(passage: Sequence[Line], clues: Clues) -> Iterator[Found]:
    """Find switches that went wrong."""
    for index, line in enumerate(passage):
        if _FALLBACK.search(line.text):
            named = _NAMED.search(line.text)
            clues.legacy_fallback = (line.number, named["name"] if named else "")
        if "optimizer-fallback-fails" not in line.kinds:
            continue
        found = _BUILD.search(line.text)
        fallback = clues.legacy_fallback
        near = fallback is not None and line.number - fallback[0] <= _REACH
        if found is None and near:
            found = _OTHER.search(line.text)
        if found is None:
            continue
        optimizer = (fallback[1] if near and fallback is not None else "") or found["name"]
        details = {"words": trimmed(line.text.strip(), 160).rstrip(".")}
        if optimizer and optimizer != "str":
            details["optimizer"] = optimizer
        yield Found(kind="optimizer-fallback-fails", first=index, details=details, lines=frozenset({index}))
