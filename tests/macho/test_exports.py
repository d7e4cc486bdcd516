from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from environments.linkable import Moved, trie, uleb
from m1doctor.macho import exports
from m1doctor.macho.errors import MachOError, MalformedError, TruncatedError
from m1doctor.macho.exports import ExportTrie

names = st.text(st.sampled_from("_ab"), min_size=1, max_size=12)
tables = st.dictionaries(names, st.integers(0, 2**40), max_size=30)


def over(content: bytes, before: bytes = b"") -> ExportTrie:
    return ExportTrie(before + content, len(before), len(before) + len(content))


@given(table=tables, others=st.lists(names, max_size=20), blank_edges=st.booleans(), before=st.binary(max_size=5))
@example(table={"_a": 1, "_ab": 2}, others=["_a", "_ab", "_abc"], blank_edges=True, before=b"")
def test_the_names_that_are_there_are_found_and_no_others(
    *, table: dict[str, int], others: list[str], blank_edges: bool, before: bytes
) -> None:
    found = over(trie(table, blank_edges=blank_edges), before).find(name.encode() for name in [*table, *others])
    assert {name.decode(): export.address for name, export in found.items()} == table


@given(table=tables, blank_edges=st.booleans())
def test_a_walk_meets_every_name_once(*, table: dict[str, int], blank_edges: bool) -> None:
    walked = list(over(trie(table, blank_edges=blank_edges)).walk())
    assert len(walked) == len(table)
    assert {export.name.decode(): export.address for export in walked} == table


def test_a_re_export_says_where_and_under_which_name() -> None:
    found = over(trie({"_here": Moved(2, "_there"), "_same": Moved(1)})).find([b"_here", b"_same"])
    assert (found[b"_here"].library_ordinal, found[b"_here"].imported_name) == (2, b"_there")
    assert (found[b"_same"].library_ordinal, found[b"_same"].imported_name) == (1, b"_same")
    assert found[b"_same"].address is None


def test_a_resolver_and_a_weak_definition_are_read() -> None:
    terminal = uleb(0x10 | 0x04) + uleb(0x1000) + uleb(0x2000)
    content = b"\x00\x01_f\0" + uleb(6) + bytes([len(terminal)]) + terminal + b"\x00"
    found = over(content).find([b"_f"])[b"_f"]
    assert (found.address, found.weak) == (0x1000, True)


def test_an_image_without_exports_exports_nothing() -> None:
    assert over(b"").find([b"_a"]) == {}
    assert list(over(b"").walk()) == []


def test_a_circle_ends_with_a_typed_error() -> None:
    circle = b"\x00\x01\0" + uleb(0)  # one edge without a label, back to the root
    with pytest.raises(MalformedError):
        over(circle).find([b"_a"])
    with pytest.raises(MalformedError):
        list(over(circle).walk())


def test_a_circle_that_spells_ends_too() -> None:
    circle = b"\x00\x01a\0" + uleb(0)
    assert over(circle).find([b"a" * 50]) == {}
    with pytest.raises(MalformedError):
        list(over(circle).walk())


def test_the_work_of_one_question_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MAX_STEPS", 100)
    with pytest.raises(MalformedError, match="more steps"):
        over(trie({f"_{index}": index for index in range(200)})).find([f"_{index}".encode() for index in range(200)])


@pytest.mark.parametrize(
    "content",
    [
        b"\x05",  # a node longer than the trie
        b"\x00\x01abc",  # an edge without an end
        b"\x00\x01a\0\x7f",  # an edge that leads past the end
        b"\x00\x01a\0\x80",  # an offset without an end
    ],
)
def test_a_trie_cut_off_is_truncated(content: bytes) -> None:
    with pytest.raises(TruncatedError):
        over(content).find([b"abc"])


@given(st.binary(max_size=200), st.lists(st.binary(max_size=8), max_size=5))
def test_any_bytes_give_an_answer_or_a_typed_error(content: bytes, wanted: list[bytes]) -> None:
    try:
        found = over(content).find(wanted)
    except MachOError:
        return
    assert set(found) <= set(wanted)


@settings(deadline=None)  # a long walk ends at its bound, after seconds on a busy machine
@given(tables, st.data())
def test_a_damaged_trie_gives_an_answer_or_a_typed_error(table: dict[str, int], data: st.DataObject) -> None:
    content = bytearray(trie({"_x": 1, **table}))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    for ask in (lambda: over(bytes(content)).find([b"_x", b"_ab"]), lambda: list(over(bytes(content)).walk())):
        try:
            ask()
        except MachOError:
            continue
