"""Which operations Apple's plugin can do on the GPU: a table for each release, op by op and type by type.

What a table does not hold runs on the CPU, and what it needs is copied there and back. One thing the tables do not
say: TensorFlow itself brings kernels that serve every device (`Identity`, `Reshape`, `ReadVariableOp` and other work
that moves no data); those are the same with every plugin.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from math import prod
from pathlib import Path

from m1doctor.model.record import record

_FOLDER = Path(__file__).parent
_HOST = "host"
_SECONDARY = frozenset(
    {"Tidx", "Tindices", "Tlen", "Tmultiples", "Tpaddings", "TI", "U", "index_type", "output_type", "out_type"}
    | {"out_idx", "Index", "Tshape", "Tdim", "Tperm", "Tblock_shape", "Tcrops", "Tlabels", "Tseed"}
)
"""Attributes that type positions, sizes, seeds and statistics and not what is computed."""
_COUNTING = frozenset({"int32", "int64", "uint32", "uint64", "resource", "string"})
"""Types of shapes, positions, counters and handles: work on them is small, and TensorFlow leaves it to the CPU."""


@record(frozen=True, slots=True, kw_only=True)
class Kernel:
    """One line of a table: every combination of the listed types has a kernel."""

    types: Mapping[str, frozenset[str]]
    """Types by attribute, e.g. ``{"T": {"float16", "float32"}}``; none for an op that has only one type."""
    host: frozenset[str]
    """Names of the op's arguments that are read in the host's memory, so that they are not copied to the GPU."""

    def serves(self, types: Mapping[str, str]) -> bool:
        """Whether it does the op with these types; attributes that it does not restrict may be anything."""
        return all(types.get(attribute) in allowed for attribute, allowed in self.types.items())


@record(frozen=True, slots=True, kw_only=True)
class KernelTable:
    """The kernels that one release of the plugin registers for the GPU."""

    plugin: str
    pythons: tuple[str, ...]
    """Python minors whose wheels hold the library."""
    kernels: Mapping[str, tuple[Kernel, ...]]
    """By op, e.g. ``"MatMul"``."""
    conditional: frozenset[str]
    """Ops whose kernels are registered only where macOS has what they need."""
    source: str
    date: str

    def count(self) -> int:
        """How many kernels there are: every combination of types is one."""
        lines = (kernel for kernels in self.kernels.values() for kernel in kernels)
        return sum(prod(map(len, kernel.types.values())) for kernel in lines)

    def has(self, op: str, dtype: str) -> bool:
        """Whether `op` computes with `dtype` on the GPU, whatever the types of its indices and sizes are."""
        return any(_computes_with(kernel, dtype) for kernel in self.kernels.get(op, ()))

    def serves(self, op: str, types: Mapping[str, str]) -> bool:
        """Whether the plugin does `op` with exactly these types by attribute, as TensorFlow asks when it places it."""
        return any(kernel.serves(types) for kernel in self.kernels.get(op, ()))


def data_types(types: Mapping[str, Iterable[str]]) -> frozenset[str] | None:
    """The types of the data that an op with these attributes computes with.

    Nothing for one that only counts: shapes, positions, seeds, handles. `None` for one whose type is always the same,
    such as `LogicalAnd`.
    """
    main = {dtype for attribute, each in types.items() if attribute not in _SECONDARY for dtype in each}
    if not main:
        return frozenset() if "Tseed" in types else None
    return frozenset(main - _COUNTING)


def _computes_with(kernel: Kernel, dtype: str) -> bool:
    main = [allowed for attribute, allowed in kernel.types.items() if attribute not in _SECONDARY]
    return any(dtype in allowed for allowed in main or kernel.types.values()) if kernel.types else True


@cache
def known_plugins() -> tuple[str, ...]:
    """Releases of the plugin that there is a table of, the oldest first."""
    found = {path.stem.partition("-")[0] for path in _FOLDER.glob("*.toml")}
    return tuple(sorted(found, key=lambda version: [int(number) for number in version.split(".")]))


@cache
def kernel_table(plugin: str, python: str | None = None) -> KernelTable | None:
    """The table of one release, as its wheel for a Python minor has it; `None` where it was not read.

    One release (0.8.0) differs from wheel to wheel; without a Python the table with fewer kernels is meant.
    """
    if plugin not in known_plugins():
        return None
    tables = [_read(path) for path in (_FOLDER / f"{plugin}.toml", *_FOLDER.glob(f"{plugin}-*.toml")) if path.exists()]
    fitting = [table for table in tables if python in table.pythons] or tables
    return min(fitting, key=KernelTable.count)


def _read(path: Path) -> KernelTable:
    import tomllib  # noqa: PLC0415 - only what asks for kernels pays for it

    with path.open("rb") as file:
        document = tomllib.load(file)
    return KernelTable(
        plugin=document["plugin"],
        pythons=tuple(document["pythons"]),
        kernels={op: tuple(_kernels(lines)) for op, lines in document["kernels"].items()},
        conditional=frozenset(document["conditional"]),
        source=document["source"],
        date=document["date"],
    )


def _kernels(lines: str | list[str]) -> Iterator[Kernel]:
    """The kernels of one op: one line, or several where not every combination of the types is there."""
    for line in [lines] if isinstance(lines, str) else lines:
        listed = {name: frozenset(values.split(",")) for name, _, values in map(_parted, line.split())}
        host = listed.pop(_HOST, frozenset())
        yield Kernel(types=listed, host=host)


def _parted(word: str) -> tuple[str, str, str]:
    return word.partition("=")
