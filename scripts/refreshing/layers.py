"""Writes `m1doctor/knowledge/layers.toml` from what `trace_layers.py` saw in several releases of TensorFlow."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from m1doctor.knowledge.kernels import data_types
from m1doctor.knowledge.layers import Kind

HEAD = """\
# What the layers, activations, losses, optimizers and functions of Keras and TensorFlow are made of: written by
# scripts/refresh_knowledge.py, which traces each once, forward and backward, without computing anything.
#
# Listed are the operations that need a kernel of the plugin. "MatMul" computes with the layer's type, "Where:bool"
# always with that one, and "Mean:float32" in half precision, too. `traced` are the releases in which an entry is so,
# where it is not so in all of them; an entry with `when` is for a setting that makes a difference.

source = "traced by scripts/refresh_knowledge.py in TensorFlow for Linux"
"""
_FLOAT = "float32"


def written(documents: list[dict[str, Any]], usual: str, date: str) -> str:
    """The file, from the documents of several releases, the oldest first."""
    releases = [document["tensorflow"] for document in documents]
    lines = [HEAD + f'date = "{date}"', "# The release that is meant where none is named.", f'usual = "{usual}"', ""]
    lines.append("traced = [")
    lines += [f'  {{ tensorflow = "{each["tensorflow"]}", keras = "{each["keras"]}" }},' for each in documents]
    lines.append("]")
    entries = _merged(documents)
    for kind in Kind:
        lines += ["", f"[{kind}]"]
        for name in sorted({each for other, each, _, _ in entries if other == kind}):
            lines.append(f"{json.dumps(name) if '.' in name else name} = [")
            for (other, each, when, ops), traced in entries.items():
                if (other, each) == (kind, name):
                    lines.append(f"  {{ {', '.join(_parts(when, ops, traced, releases))} }},")
            lines.append("]")
    return "\n".join(lines) + "\n"


def _parts(when: str, ops: str, traced: list[str], releases: list[str]) -> Iterator[str]:
    if when != "{}":
        condition = ", ".join(f"{key} = {json.dumps(value)}" for key, value in json.loads(when).items())
        yield f"when = {{ {condition} }}"
    if traced != releases:
        yield f"traced = {json.dumps(traced)}"
    yield f'ops = "{ops}"'


def _merged(documents: list[dict[str, Any]]) -> dict[tuple[str, str, str, str], list[str]]:
    """Releases by kind, name, setting and operations. A setting that changes nothing in a release has no entry."""
    entries: dict[tuple[str, str, str, str], list[str]] = {}
    for document in documents:
        usual: dict[tuple[str, str], str] = {}
        for case in document["traced"]:
            ops = " ".join(operations(case, document["dtype"]))
            when = json.dumps(case["when"])
            if case["when"] and ops == usual[case["kind"], case["name"]]:
                continue
            if not case["when"]:
                usual[case["kind"], case["name"]] = ops
            entries.setdefault((case["kind"], case["name"], when, ops), []).append(document["tensorflow"])
    return entries


def operations(case: dict[str, Any], dtype: str) -> list[str]:
    """The operations of one case, traced with layers of `dtype`, that need a kernel of a plugin."""
    mine: set[int | None] = {place for place, (name, _) in enumerate(case["layers"]) if _belongs(case["kind"], name)}
    if case["kind"] == Kind.FUNCTION:
        mine, dtype = {None}, _FLOAT
    groups = [group for group in case["groups"] if group["layer"] in mine and not group["served"]]
    found = {word for group in groups for word in words(group["op"], group["types"], dtype)}
    return sorted(found)


def _belongs(kind: str, layer: str) -> bool:
    """Whether what was counted for a layer of the traced model belongs to the case."""
    if kind in (Kind.LOSS, Kind.OPTIMIZER):
        return layer == f"m1doctor_{kind}"
    return not layer.startswith(("m1doctor_", "before"))


def words(op: str, types: dict[str, Iterable[str]], dtype: str) -> list[str]:
    """How an operation with its types is written: as often as it has types of data that differ."""
    data = data_types(types)
    if data is None:
        return [op]
    return [op if each == dtype else f"{op}:{each}" for each in sorted(data)]
