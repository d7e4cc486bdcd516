from __future__ import annotations

from pathlib import Path

import pytest

from environments.linkable import Library, Wanted, build, write
from m1doctor.macho.errors import MachOError
from m1doctor.macho.image import Image
from m1doctor.macho.imports import FLAT_LOOKUP, MAIN_EXECUTABLE, Import

OLD = Library(
    tables="symbols",
    exports={"_a": 16, "_b": 32},
    wants=[Wanted("_two", 2), Wanted("_flat", -2), Wanted("_main", -1), Wanted("_weak", 1, weak=True)],
)


@pytest.mark.parametrize("bits", [32, 64])
@pytest.mark.parametrize("order", ["<", ">"])
def test_a_file_without_dyld_tables_is_read_by_its_symbols(tmp_path: Path, bits: int, order: str) -> None:
    library = Library(**{**_fields(OLD), "bits": bits, "order": order, "architecture": "x86_64"})
    with Image(write(tmp_path / "old.dylib", library), "x86_64") as image:
        assert {each.name: each.address for each in image.exports()} == {b"_a": 16, b"_b": 32}
        assert set(image.find_exports([b"_a", b"_c"])) == {b"_a"}
        assert image.imports() == [
            Import(b"_two", 2),
            Import(b"_flat", FLAT_LOOKUP),
            Import(b"_main", MAIN_EXECUTABLE),
            Import(b"_weak", 1, weak=True),
        ]


def test_without_two_levels_every_symbol_is_flat(tmp_path: Path) -> None:
    with Image(write(tmp_path / "flat.dylib", Library(**{**_fields(OLD), "flags": 0}))) as image:
        assert {each.ordinal for each in image.imports()} == {FLAT_LOOKUP}


def test_a_name_beyond_the_strings_is_a_typed_error(tmp_path: Path) -> None:
    content = bytearray(build(OLD))
    at = content.index(b"\0_a\0_b\0")
    content[at - 6 * 16 : at - 6 * 16 + 4] = (0xFFFFFF).to_bytes(4, "little")
    path = tmp_path / "damaged.dylib"
    path.write_bytes(content)
    with Image(path) as image, pytest.raises(MachOError):
        image.find_exports([b"_a"])


def _fields(library: Library) -> dict[str, object]:
    return {name: getattr(library, name) for name in library.__dataclass_fields__}
