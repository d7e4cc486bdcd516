"""The export trie, walked in place.

The trie of a library with hundreds of thousands of exports is tens of megabytes long; looking up a few hundred names
touches a few hundred of its nodes. Names are looked up together: those that share a prefix walk down together, so that
every node on the way is visited once.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from m1doctor.macho.errors import MalformedError, TruncatedError
from m1doctor.macho.leb128 import read_uleb

MAX_STEPS = 1_000_000
"""Nodes, edges and names that one question may look at: 150 names in TensorFlow's largest library take about 5,000."""
MAX_BLANK_EDGES = 4
"""Edges without a label in a row. Real tries have one, at the end of a name that also begins a longer one."""
MAX_WALK_STEPS = 50_000_000
MAX_LABEL_BYTES = 64 * 1024 * 1024
"""Bytes of edge labels that one question may scan."""
MAX_NAME_BYTES = 1024 * 1024
"""A symbol is never longer: the longest ones met have some tens of kilobytes."""
_SHORT_LABEL = 64
"""Edge labels up to this length are counted as edges only."""
_ENDED = -1
"""In place of a next byte: the name is used up, and only an edge without a label can lead to what it means."""
_REEXPORT = 0x08
_STUB_AND_RESOLVER = 0x10
_WEAK_DEFINITION = 0x04


class Export(NamedTuple):
    """One exported symbol."""

    name: bytes
    flags: int = 0
    address: int | None = None
    """Offset from the image's first byte; `None` for a re-export."""
    library_ordinal: int | None = None
    """Re-export: which of the image's libraries has it."""
    imported_name: bytes | None = None
    """Re-export: its name there."""

    @property
    def weak(self) -> bool:
        """Whether another image's definition may take its place."""
        return bool(self.flags & _WEAK_DEFINITION)


class ExportTrie:
    """The trie that lies in `data` from `begin` to `end`."""

    def __init__(self, data: bytes | mmap.mmap, begin: int, end: int) -> None:
        """Look at that piece of `data`; nothing is read yet."""
        self._data = data
        self._begin = begin
        self._end = end

    def find(self, names: Iterable[bytes]) -> dict[bytes, Export]:
        """Those of `names` that are exported.

        Raises `TruncatedError` or `MalformedError` where the trie is broken on the way to one of them.
        """
        found: dict[bytes, Export] = {}
        wanted = list(dict.fromkeys(names))
        work = _Work(MAX_STEPS)
        # Each entry: position of a node, how many bytes of the names lead to it, how many edges without a label lead
        # straight to it, the names that come through it.
        stack: list[tuple[int, int, int, list[bytes]]] = []
        if wanted and self._has_root:
            stack.append((self._begin, 0, 0, wanted))
        while stack:
            position, depth, blanks, through = stack.pop()
            if blanks > MAX_BLANK_EDGES:
                raise MalformedError("edges of the export trie without a label lead on and on")
            size, terminal, children = self._node(position)
            work.spend(1 + len(through))
            onward = _by_next_byte(through, depth)
            if size:
                for name in onward.pop(_ENDED, ()):
                    found[name] = self._terminal(name, terminal, children)
            if not onward:
                continue
            for label, child in self._edges(children, work, onward):
                down = _follow(label, depth, onward)
                if down:
                    stack.append((child, depth + len(label), 0 if label else blanks + 1, down))
                    if not onward:
                        break
        return found

    def walk(self) -> Iterator[Export]:
        """Every export. Raises `TruncatedError` or `MalformedError` on the way where the trie is broken."""
        work = _Work(MAX_WALK_STEPS)
        stack: list[tuple[int, bytes]] = [(self._begin, b"")] if self._has_root else []
        seen: set[int] = set()
        while stack:
            position, name = stack.pop()
            if position in seen:
                raise MalformedError("two edges of the export trie lead to one node")
            seen.add(position)
            size, terminal, children = self._node(position)
            if size:
                yield self._terminal(name, terminal, children)
            work.spend(1)
            for label, child in self._edges(children, work):
                if len(name) + len(label) > MAX_NAME_BYTES:
                    raise MalformedError("the export trie spells a name of more than a megabyte")
                work.spend(0, len(name))
                stack.append((child, name + label))

    @property
    def _has_root(self) -> bool:
        return self._begin < self._end

    def _node(self, position: int) -> tuple[int, int, int]:
        """Bytes of what the node at `position` says of a symbol, where they begin, and where its children do."""
        size, terminal = self._data[position], position + 1
        if size >= 0x80:  # noqa: PLR2004 - the upper bit says that more follows
            size, terminal = read_uleb(self._data, position, self._end)
        children = terminal + size
        if children >= self._end:
            raise TruncatedError("a node of the export trie runs over its end")
        return size, terminal, children

    def _edges(
        self, children: int, work: _Work, firsts: dict[int, list[bytes]] | None = None
    ) -> Iterator[tuple[bytes, int]]:
        """Label and position of each child; with `firsts`, of those only whose label is empty or begins with one."""
        data, end = self._data, self._end
        position = children + 1
        count = data[children]
        work.spend(count)
        for _ in range(count):
            stop = data.find(b"\0", position, position + MAX_NAME_BYTES)
            if not position <= stop < end - 1:
                raise TruncatedError("an edge of the export trie runs over its end")
            if stop - position > _SHORT_LABEL:
                work.spend(0, stop - position)
            if firsts is None or stop == position or data[position] in firsts:
                child, after = read_uleb(data, stop + 1, end)
                if self._begin + child >= end:
                    raise TruncatedError("an edge of the export trie leads past its end")
                yield data[position:stop], self._begin + child
            else:
                # The offset of an edge that nobody wants is only stepped over: nearly all edges of a question are such.
                after = stop + 2
                while data[after - 1] >= 0x80 and after < end:  # noqa: PLR2004 - the upper bit says that more follows
                    after += 1
            position = after

    def _terminal(self, name: bytes, position: int, end: int) -> Export:
        """What a node says of the symbol that ends at it."""
        data = self._data
        flags, position = read_uleb(data, position, end)
        if flags & _REEXPORT:
            ordinal, position = read_uleb(data, position, end)
            stop = data.find(b"\0", position, end)
            if stop < 0:
                raise TruncatedError("a re-exported name runs over the end of its node")
            return Export(name, flags, None, ordinal, data[position:stop] or name)
        address, position = read_uleb(data, position, end)
        if flags & _STUB_AND_RESOLVER:
            read_uleb(data, position, end)
        return Export(name, flags, address)


def _by_next_byte(names: list[bytes], depth: int) -> dict[int, list[bytes]]:
    """The names by their byte after `depth`; those that end there under `_ENDED`.

    Some linkers put what a name means behind an edge without a label where the name also begins a longer one.
    """
    groups: dict[int, list[bytes]] = {}
    for name in names:
        groups.setdefault(name[depth] if len(name) > depth else _ENDED, []).append(name)
    return groups


def _follow(label: bytes, depth: int, onward: dict[int, list[bytes]]) -> list[bytes]:
    """Take out of `onward` the names that go on with `label`: dyld follows the first edge that fits."""
    if not label:
        down = [name for group in onward.values() for name in group]
        onward.clear()
        return down
    group = onward.get(label[0])
    if group is None:
        return []
    down = [name for name in group if name.startswith(label, depth)]
    if len(down) == len(group):
        del onward[label[0]]
    elif down:
        onward[label[0]] = [name for name in group if not name.startswith(label, depth)]
    return down


class _Work:
    """How much one question may cost. A trie that leads in a circle, or to one node by many ways, ends here."""

    def __init__(self, steps: int) -> None:
        self._steps = steps
        self._bytes = MAX_LABEL_BYTES * (steps // MAX_STEPS)

    def spend(self, steps: int, label_bytes: int = 0) -> None:
        self._steps -= steps
        self._bytes -= label_bytes
        if self._steps < 0 or self._bytes < 0:
            raise MalformedError("the export trie takes more steps than any real one needs")
