"""/proc/vmstat: counters since boot."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from m1doctor.collect.parse.proc_vmstat import parse_proc_vmstat


def test_counters_are_found_by_name() -> None:
    assert parse_proc_vmstat("pgpgin 12\npswpin 3\npswpout 4\n")["pswpout"] == 4


def test_other_text_gives_nothing() -> None:
    assert parse_proc_vmstat("pswpin\n12 pswpin\npswpin x\n") == {}


@given(st.dictionaries(st.from_regex(r"[a-z][a-z_]{1,10}", fullmatch=True), st.integers(0, 2**64 - 1)))
def test_counters_come_back_as_printed(counters: dict[str, int]) -> None:
    assert parse_proc_vmstat("".join(f"{name} {count}\n" for name, count in counters.items())) == counters
