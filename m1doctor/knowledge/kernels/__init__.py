"""Which operations Apple's plugin can do on the GPU: a table for each release, op by op and type by type.

What a table does not hold runs on the CPU, and what it needs is copied there and back. One thing the tables do not
say: TensorFlow itself brings kernels that serve every device (`Identity`, `Reshape`, `ReadVariableOp` and other work
that moves no data); those are the same with every plugin.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from m1doctor.model.record import record

_FOLDER = Path(__file__).parent
_HOST = "host"
_SECONDARY = frozenset({"Tidx", "Tindices", "Tlen", "Tmultiples", "Tpaddings", "TI", "U", "index_type", "output_type"})
"""Attributes that type positions, sizes and statistics and not what is computed."""


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
    kernels: Mapping[str, tuple[Kernel, ...]]
    """By op, e.g. ``"MatMul"``."""
    conditional: frozenset[str]
    """Ops whose kernels are registered only where macOS has what they need."""
    source: str
    date: str

    def has(self, op: str, dtype: str) -> bool:
        """Whether `op` computes with `dtype` on the GPU, whatever the types of its indices and sizes are."""
        return any(_computes_with(kernel, dtype) for kernel in self.kernels.get(op, ()))

    def serves(self, op: str, types: Mapping[str, str]) -> bool:
        """Whether the plugin does `op` with exactly these types by attribute, as TensorFlow asks when it places it."""
        return any(kernel.serves(types) for kernel in self.kernels.get(op, ()))


def _computes_with(kernel: Kernel, dtype: str) -> bool:
    main = [allowed for attribute, allowed in kernel.types.items() if attribute not in _SECONDARY]
    return any(dtype in allowed for allowed in main or kernel.types.values()) if kernel.types else True


@cache
def known_plugins() -> tuple[str, ...]:
    """Releases of the plugin that there is a table of, the oldest first."""
    found = (path.stem for path in _FOLDER.glob("*.toml"))
    return tuple(sorted(found, key=lambda version: [int(number) for number in version.split(".")]))


@cache
def kernel_table(plugin: str) -> KernelTable | None:
    """The table of one release; `None` where it was not read."""
    import tomllib  # noqa: PLC0415 - only what asks for kernels pays for it

    if plugin not in known_plugins():
        return None
    with (_FOLDER / f"{plugin}.toml").open("rb") as file:
        document = tomllib.load(file)
    return KernelTable(
        plugin=document["plugin"],
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
