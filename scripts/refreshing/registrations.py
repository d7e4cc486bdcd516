"""Which kernels a plugin registers: its own registration function, run on an emulated processor.

The library is laid into the memory of an emulated arm64 as dyld would do it; in the place of every function that it
imports stands a return instruction, and what the C interface of TensorFlow is told through those is written down. No
Mac is needed, and nothing of the plugin runs on this machine's own processor.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import lief
from unicorn import UC_ARCH_ARM64, UC_HOOK_CODE, UC_MODE_ARM, Uc
from unicorn.arm64_const import (
    UC_ARM64_REG_CPACR_EL1,
    UC_ARM64_REG_LR,
    UC_ARM64_REG_PC,
    UC_ARM64_REG_SP,
    UC_ARM64_REG_X0,
)

IMAGE, STUBS, DATA, HEAP, STACK, END = (number << 32 for number in range(1, 7))
STUBS_BYTES, DATA_BYTES, HEAP_BYTES, STACK_BYTES, END_BYTES = 1 << 20, 4 << 20, 64 << 20, 8 << 20, 1 << 14
PAGE = 1 << 14
STUB_BYTES = 16
OBJECT_BYTES = 1 << 12
"""Room for each object that the library imports: a class, a stream, a variable. Each begins with the address of a piece
of zeros, so that a table of virtual functions can be looked for in it."""
RETURN = struct.pack("<I", 0xD65F03C0)
FLOATING_POINT = 3 << 20
LIMIT_INSTRUCTIONS = 500_000_000
LIMIT_MICROSECONDS = 300_000_000
ENTRY = "_TF_InitKernel"
_OBJECTS = ("_OBJC_", "__ZTV", "__ZTI", "__ZTT", "___stack_chk_guard", "__objc_empty", "__NSConcrete", "___CFConstant",
            "___NSDictionary", "___stderrp", "___stdoutp", "__DefaultRuneLocale", "_vm_page_size")  # fmt: skip
_OBJECT_ENDS = ("default_instance_E", "kGlobalEmptyTableE", "fixed_address_empty_stringE", "4coutE", "4clogE", "4cerrE")
TYPES = dict(
    enumerate(
        """? float32 float64 int32 uint8 int16 int8 string complex64 int64 bool qint8 quint8 qint32 bfloat16 qint16
        quint16 uint16 complex128 float16 resource variant uint32 uint64""".split()
    )
)
"""The numbers of `TF_DataType` in TensorFlow's `tf_datatype.h`."""


class Registration(NamedTuple):
    """One kernel."""

    op: str
    types: tuple[tuple[str, str], ...]
    host: tuple[str, ...]


class EmulationError(RuntimeError):
    """The function did not come to its end."""


def registrations(library: Path, *, newer_macos: bool) -> list[Registration]:
    """What the library registers for the GPU, on a macOS that has all that it asks for, or on one that has not."""
    machine = _Machine(library, answer=int(newer_macos))
    machine.call(ENTRY)
    return machine.registered


class _Machine:
    """An emulated processor with one library in its memory."""

    def __init__(self, library: Path, *, answer: int) -> None:
        """Lay the library out. `answer` is what every question to Objective-C is answered with."""
        self.registered: list[Registration] = []
        self._answer = answer
        self._kernels: dict[int, tuple[str, str, list[tuple[str, str]], list[str]]] = {}
        self._imports: dict[int, str] = {}
        self._free = HEAP + STUB_BYTES
        fat = lief.MachO.parse(str(library))
        if fat is None:
            raise EmulationError(f"{library} cannot be read")
        self._binary = next(each for each in fat if each.header.cpu_type == lief.MachO.Header.CPU_TYPE.ARM64)
        self._processor = Uc(UC_ARCH_ARM64, UC_MODE_ARM)
        self._exports = {each.name: IMAGE + each.value for each in self._binary.exported_symbols}
        self._lay_out()
        self._bind()
        self._processor.hook_add(UC_HOOK_CODE, self._imported, begin=STUBS, end=STUBS + STUBS_BYTES)

    def _lay_out(self) -> None:
        for begin, size in ((STUBS, STUBS_BYTES), (DATA, DATA_BYTES), (HEAP, HEAP_BYTES), (STACK, STACK_BYTES)):
            self._processor.mem_map(begin, size)
        self._processor.mem_map(END, END_BYTES)
        for segment in self._binary.segments:
            if segment.virtual_size:
                begin = IMAGE + segment.virtual_address - self._binary.imagebase
                self._processor.mem_map(begin, -(-segment.virtual_size // PAGE) * PAGE)
                self._processor.mem_write(begin, bytes(segment.content))
        for relocation in self._binary.relocations:
            place = IMAGE + relocation.address - self._binary.imagebase
            target = getattr(relocation, "target", None)
            if target is None:
                (target,) = struct.unpack("<Q", self._processor.mem_read(place, 8))
            self._processor.mem_write(place, struct.pack("<Q", IMAGE + target - self._binary.imagebase))

    def _bind(self) -> None:
        stubs: dict[str, int] = {}
        objects: dict[str, int] = {}
        for binding in self._binary.bindings:
            name = binding.symbol.name
            if name in self._exports:
                target = self._exports[name]
            elif name.startswith(_OBJECTS) or name.endswith(_OBJECT_ENDS):
                target = objects.setdefault(name, DATA + OBJECT_BYTES * len(objects) + OBJECT_BYTES // 2)
                self._processor.mem_write(target, struct.pack("<Q", DATA + DATA_BYTES - OBJECT_BYTES // 2))
            else:
                target = stubs.setdefault(name, STUBS + STUB_BYTES * len(stubs))
                self._imports[target] = name
                self._processor.mem_write(target, RETURN)
            place = IMAGE + binding.address - self._binary.imagebase
            self._processor.mem_write(place, struct.pack("<Q", target + (binding.addend or 0)))

    def call(self, entry: str) -> None:
        """Run a function that takes nothing. Raises `EmulationError` where it does not return."""
        if entry not in self._exports:
            raise EmulationError(f"it exports no {entry}")
        self._processor.reg_write(UC_ARM64_REG_CPACR_EL1, FLOATING_POINT)
        self._processor.reg_write(UC_ARM64_REG_SP, STACK + STACK_BYTES - PAGE)
        self._processor.reg_write(UC_ARM64_REG_LR, END)
        self._processor.emu_start(self._exports[entry], END, LIMIT_MICROSECONDS, LIMIT_INSTRUCTIONS)
        if self._processor.reg_read(UC_ARM64_REG_PC) != END:
            raise EmulationError(f"{entry} did not return")

    def _imported(self, processor: Uc, address: int, size: int, data: object) -> None:
        """An imported function was called: do what it does, as far as that is needed."""
        del size, data
        name = self._imports.get(address)
        if name is not None:
            a, b, c = (processor.reg_read(UC_ARM64_REG_X0 + number) for number in range(3))
            result = _CALLS[name](self, a, b, c) if name in _CALLS else 0
            processor.reg_write(UC_ARM64_REG_X0, result)

    def allocate(self, size: int) -> int:
        """Memory of the emulated process; what it frees is not used again."""
        place, self._free = self._free, -(-(self._free + size) // STUB_BYTES) * STUB_BYTES
        if self._free > HEAP + HEAP_BYTES:
            raise EmulationError("it asked for more memory than there is")
        return place

    def text(self, address: int) -> str:
        """The string at an address."""
        found = b""
        while b"\0" not in found:
            found += bytes(self._processor.mem_read(address + len(found), STUB_BYTES))
        return found.partition(b"\0")[0].decode()

    def object_of_nothing(self) -> int:
        """An object with a table of virtual functions that do nothing."""
        nothing = STUBS + STUBS_BYTES - STUB_BYTES
        self._processor.mem_write(nothing, RETURN)
        place, table = self.allocate(STUB_BYTES), self.allocate(OBJECT_BYTES)
        self._processor.mem_write(table, struct.pack("<Q", nothing) * (OBJECT_BYTES // 8))
        self._processor.mem_write(place, struct.pack("<Q", table))
        return place

    def _copy(self, to: int, begin: int, size: int) -> int:
        if size:
            self._processor.mem_write(to, bytes(self._processor.mem_read(begin, size)))
        return to

    def _fill(self, to: int, byte: int, size: int) -> int:
        if size:
            self._processor.mem_write(to, bytes([byte & 0xFF]) * size)
        return to

    def _begin(self, op: int, device: int) -> int:
        kernel = self.allocate(STUB_BYTES)
        self._kernels[kernel] = self.text(op), self.text(device), [], []
        return kernel

    def _constrain(self, kernel: int, attribute: int, number: int) -> int:
        self._kernels[kernel][2].append((self.text(attribute), TYPES[number & 0xFFFFFFFF]))
        return 0

    def _keep_on_host(self, kernel: int, argument: int) -> int:
        self._kernels[kernel][3].append(self.text(argument))
        return 0

    def _register(self, kernel: int) -> int:
        op, device, types, host = self._kernels[kernel]
        if device == "GPU":
            self.registered.append(Registration(op, tuple(types), tuple(host)))
        return 0


_CALLS: dict[str, Callable[[_Machine, int, int, int], int]] = {
    **dict.fromkeys(("_malloc", "__Znwm", "__Znam"), lambda machine, size, _, __: machine.allocate(size)),
    "_calloc": lambda machine, count, size, _: machine.allocate(count * size),
    **dict.fromkeys(("_memcpy", "_memmove"), _Machine._copy),  # noqa: SLF001 - the table belongs to the class
    "_memset": _Machine._fill,  # noqa: SLF001
    "_bzero": lambda machine, to, size, _: machine._fill(to, 0, size),  # noqa: SLF001
    "_strlen": lambda machine, text, _, __: len(machine.text(text).encode()),
    "_TF_NewStatus": lambda machine, _, __, ___: machine.allocate(STUB_BYTES),
    "_TF_NewKernelBuilder": lambda machine, op, device, _: machine._begin(op, device),  # noqa: SLF001
    "_TF_KernelBuilder_TypeConstraint": _Machine._constrain,  # noqa: SLF001
    "_TF_KernelBuilder_HostMemory": lambda machine, kernel, name, _: machine._keep_on_host(kernel, name),  # noqa: SLF001
    "_TF_RegisterKernelBuilder": lambda machine, _, kernel, __: machine._register(kernel),  # noqa: SLF001
    **dict.fromkeys(
        ("_objc_msgSend", "_NSClassFromString", "_objc_opt_respondsToSelector"),
        lambda machine, _, __, ___: machine._answer,  # noqa: SLF001
    ),
    # Old releases greet on standard output, through a locale.
    "__ZNKSt3__16locale9use_facetERNS0_2idE": lambda machine, _, __, ___: machine.object_of_nothing(),
    "___cxa_guard_acquire": lambda _, __, ___, ____: 1,
}
"""What the imported functions that matter do. Every other one returns zero, which for `TF_GetCode` means success."""
