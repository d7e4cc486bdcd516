from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from environments.linkable import Library, Wanted, build, uleb
from m1doctor.macho.errors import MachOError, MalformedError, TruncatedError, UnsupportedError
from m1doctor.macho.header import Header, read_header
from m1doctor.macho.imports import Import, chained_imports, opcode_imports, read_imports
from m1doctor.macho.load_commands import Range, read_load_commands

WANTS = (
    Wanted("_first", 1),
    Wanted("_weak", 2, weak=True),
    Wanted("_flat", -2),
    Wanted("_self", 0),
    Wanted("_main", -1),
    Wanted("_coalesced", -3),
    Wanted("_far", 200),
)
CHAINED = ("chained1", "chained2", "chained3")


def imports(content: bytes) -> list[Import]:
    header = read_header(content)
    found = read_load_commands(header, content[header.size : header.size + header.command_bytes], len(content))

    def read(place: Range) -> bytes:
        return content[place.offset : place.offset + place.size]

    return read_imports(header, found, read)


@pytest.mark.parametrize("tables", ["opcodes", *CHAINED])
@pytest.mark.parametrize("order", ["<", ">"])
def test_every_form_gives_the_same_symbols_in_the_same_order(tables: str, order: str) -> None:
    content = build(Library(wants=WANTS, tables=tables, order=order))
    assert imports(content) == [Import(each.name.encode(), each.ordinal, each.weak) for each in WANTS]


def test_lazy_symbols_come_after_the_others_because_dyld_binds_them_later() -> None:
    wants = [Wanted("_lazy", 1, lazy=True), Wanted("_plain", 1), Wanted("_lazy_too", -2, lazy=True)]
    found = imports(build(Library(wants=wants)))
    assert [each.name for each in found] == [b"_plain", b"_lazy", b"_lazy_too"]


def test_a_symbol_that_is_bound_many_times_is_told_once() -> None:
    stream = b"\x11\x40_a\0\x51\x90\x90\xa0\x08\xb1\xc0\x03\x08\x40_b\0\x90\x40_a\0\x90\x00"
    assert opcode_imports(stream, lazy=False) == [Import(b"_a", 1), Import(b"_b", 1)]


def test_the_opcodes_of_arm64e_are_understood() -> None:
    stream = b"\xd0" + uleb(3) + b"\x11\x40_a\0\x90\xd1\x00"
    assert opcode_imports(stream, lazy=False) == [Import(b"_a", 1)]


def test_what_follows_the_end_of_a_stream_is_not_read() -> None:
    assert opcode_imports(b"\x11\x40_a\0\x90\x00\xff\xff", lazy=False) == [Import(b"_a", 1)]


def test_an_unknown_opcode_is_malformed() -> None:
    with pytest.raises(MalformedError):
        opcode_imports(b"\xe0", lazy=False)


@pytest.mark.parametrize("stream", [b"\x40_name", b"\x20", b"\x72\x80\x80", b"\xc0\x01"])
def test_a_stream_cut_off_is_truncated(stream: bytes) -> None:
    with pytest.raises(TruncatedError):
        opcode_imports(stream, lazy=False)


def test_compressed_names_are_refused_by_name() -> None:
    with pytest.raises(UnsupportedError, match="compressed"):
        imports(build(Library(wants=WANTS, tables="chained1", names_form=1)))


def test_the_narrow_form_keeps_ordinals_up_to_240() -> None:
    found = imports(build(Library(wants=[Wanted("_a", 240)], tables="chained1")))
    assert found == [Import(b"_a", 240)]


def test_the_wide_form_keeps_ordinals_up_to_65520() -> None:
    found = imports(build(Library(wants=[Wanted("_a", 65520), Wanted("_b", -2)], tables="chained3")))
    assert found == [Import(b"_a", 65520), Import(b"_b", -2)]


def header() -> Header:
    return read_header(build(Library()))


@given(st.binary(max_size=120))
def test_any_opcodes_give_symbols_or_a_typed_error(stream: bytes) -> None:
    for lazy in (False, True):
        try:
            opcode_imports(stream, lazy=lazy)
        except MachOError:
            continue


@given(st.binary(max_size=120), st.integers(0, 4), st.integers(0, 2**32 - 1), st.integers(0, 200))
def test_any_chained_fixups_give_symbols_or_a_typed_error(rest: bytes, form: int, count: int, at: int) -> None:
    head = b"".join(number.to_bytes(4, "little") for number in (0, 28, 28, at, count, form, 0))
    try:
        chained_imports(header(), head + rest)
    except MachOError:
        return


def test_a_count_that_the_table_has_no_room_for_is_refused_before_anything_is_made() -> None:
    content = bytearray(build(Library(wants=WANTS, tables="chained1")))
    at = content.index(len(WANTS).to_bytes(4, "little") + (1).to_bytes(4, "little") + bytes(4))
    content[at : at + 4] = (0x7FFFFFFF).to_bytes(4, "little")
    with pytest.raises(TruncatedError):
        imports(bytes(content))


def test_an_image_that_asks_for_nothing_has_no_imports() -> None:
    for tables in ("opcodes", *CHAINED):
        assert imports(build(replace(Library(exports=["_a"]), tables=tables))) == []
