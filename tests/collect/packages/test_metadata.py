from __future__ import annotations

from email.parser import HeaderParser

from hypothesis import given
from hypothesis import strategies as st

from m1doctor.collect.packages.metadata import MetadataHead, head_of, parse_head

_VALUES = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x2FFF, blacklist_characters=":\x85\xa0\u2028\u2029"), min_size=1
)


def test_the_head_ends_at_the_first_empty_line() -> None:
    assert head_of(b"Name: a\n\nVersion: of the description\n") == "Name: a"
    assert head_of(b"Name: a\r\n\r\nName: b\r\n") == "Name: a"


def test_undecodable_bytes_are_no_obstacle() -> None:
    head = parse_head(head_of(b"Name: a\nAuthor: \xff\xfe\nVersion: 1\n"))
    assert (head.name, head.version) == ("a", "1")


def test_requirements_keep_their_order_and_words() -> None:
    head = parse_head("Name: a\nRequires-Dist: b>=1; extra == 'x'\nRequires-Dist: c (<2)\nRequires-Python: >=3.9")
    assert head.requires == ("b>=1; extra == 'x'", "c (<2)")
    assert head.requires_python == ">=3.9"


def test_a_continued_line_belongs_to_its_field() -> None:
    head = parse_head("Name: a\nDescription: one\n        Version: not this one\nVersion: 2")
    assert head.version == "2"


def test_field_names_have_no_case() -> None:
    assert parse_head("NAME: a\nversion: 1").name == "a"


def test_unknown_is_no_value() -> None:
    assert parse_head("Name: UNKNOWN\nVersion: 1").name is None


@given(st.lists(_VALUES, max_size=5), _VALUES, _VALUES)
def test_it_reads_what_the_email_parser_reads(requires: list[str], name: str, version: str) -> None:
    lines = [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {each}" for each in requires)]
    text = "\n".join(lines)
    parsed = HeaderParser().parsestr(text + "\n\n")
    head = parse_head(text)
    assert head.name == (None if name == "UNKNOWN" else parsed["Name"])
    assert list(head.requires) == (parsed.get_all("Requires-Dist") or [])


@given(st.binary())
def test_any_bytes_give_a_head(content: bytes) -> None:
    assert isinstance(parse_head(head_of(content)), MetadataHead)
