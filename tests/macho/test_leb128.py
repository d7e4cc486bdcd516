from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from environments.linkable import uleb
from m1doctor.macho.errors import MachOError, MalformedError, TruncatedError
from m1doctor.macho.leb128 import read_uleb


@given(st.integers(0, 2**64 - 1), st.binary(max_size=4))
def test_a_number_comes_back_with_the_place_after_it(value: int, before: bytes) -> None:
    data = before + uleb(value) + b"rest"
    assert read_uleb(data, len(before), len(data)) == (value, len(before) + len(uleb(value)))


def test_a_number_that_runs_over_the_end_is_truncated() -> None:
    with pytest.raises(TruncatedError):
        read_uleb(b"\x80\x80", 0, 2)


def test_a_number_of_more_than_64_bits_is_malformed() -> None:
    with pytest.raises(MalformedError):
        read_uleb(b"\x80" * 40, 0, 40)


@given(st.binary(max_size=32), st.integers(0, 40))
def test_any_bytes_give_a_number_or_a_typed_error(data: bytes, position: int) -> None:
    try:
        value, after = read_uleb(data, position, len(data))
    except MachOError:
        return
    assert 0 <= value < 2**70
    assert position < after <= len(data)
