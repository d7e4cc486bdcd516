"""Writes the tables of `m1doctor/knowledge/kernels/` from what the plugins register."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from refreshing.registrations import Registration, registrations

HEAD = """\
# What tensorflow-metal {plugin} can do on the GPU: the kernels that it registers, an op a line. Written by
# scripts/refresh_knowledge.py. ATTRIBUTE=types for each type attribute; host= names arguments in the host's memory.
"""
SOURCE = "registered by the published library's own TF_InitKernel, run on an emulated processor"


def table(plugin: str, library: Path) -> str:
    """What one library of a release registers, without what differs from wheel to wheel."""
    found = set(registrations(library, newer_macos=True))
    if not found:
        raise ValueError(f"tensorflow-metal {plugin} registers no kernel")
    conditional = sorted({each.op for each in found - set(registrations(library, newer_macos=False))})
    lines = ["# Registered only where macOS has the random numbers of MPSGraph."]
    lines += ["conditional = [", *(f'  "{op}",' for op in conditional), "]"] if conditional else ["conditional = []"]
    lines += ["", "[kernels]"]
    for op in sorted({each.op for each in found}):
        rows = list(_lines({each for each in found if each.op == op}))
        lines.append(f"{op} = {json.dumps(rows[0] if len(rows) == 1 else rows)}")
    return "\n".join(lines) + "\n"


def written(plugin: str, pythons: list[str], text: str, date: str) -> str:
    """The file of one table."""
    head = [
        HEAD.format(plugin=plugin),
        f'plugin = "{plugin}"',
        "# The Pythons whose wheels hold this library.",
        f"pythons = {json.dumps(pythons)}",
        f'source = "{SOURCE}"',
        f'date = "{date}"',
    ]
    return "\n".join(head) + "\n" + text


def _lines(kernels: set[Registration]) -> Iterator[str]:
    """The kernels of one op: a line where every combination of the types is there, else one for each first type."""
    attributes = [name for name, _ in min(kernels).types]
    host = min(kernels).host
    rows = {tuple(dict(each.types)[name] for name in attributes) for each in kernels}
    assert all(each.host == host and len(each.types) == len(attributes) for each in kernels), kernels  # noqa: S101
    listed = [sorted({row[place] for row in rows}) for place in range(len(attributes))]
    whole = [listed] if set(product(*listed)) == rows else [[[value] for value in row] for row in sorted(rows)]
    for values in whole:
        words = [f"{name}={','.join(each)}" for name, each in zip(attributes, values, strict=True)]
        yield " ".join(words + ([f"host={','.join(host)}"] if host else []))
