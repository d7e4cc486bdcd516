from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from m1doctor.collect.packages.record import Row, leaves_folder, read_record


def parse_record(text: str) -> list[Row]:
    return read_record(text)[0]


_PATHS = st.text(st.characters(blacklist_characters="\r\n\0", blacklist_categories=("Cs",)), min_size=1)


def test_path_hash_and_size_are_read() -> None:
    assert parse_record("a/b.py,sha256=x,12\n") == [["a/b.py", "sha256=x", "12"]]


def test_windows_line_ends_are_line_ends() -> None:
    assert parse_record("a,h,1\r\nb,h,2\r\n") == [["a", "h", "1"], ["b", "h", "2"]]


def test_a_quoted_comma_belongs_to_the_path() -> None:
    assert parse_record('"a,b.py",h,1\nc,h,2\n') == [["a,b.py", "h", "1"], ["c", "h", "2"]]


def test_missing_fields_are_empty() -> None:
    assert parse_record("only-a-path\nb,h\n") == [["only-a-path", "", ""], ["b", "h", ""]]


def test_an_unbalanced_quote_costs_its_own_line_only() -> None:
    assert parse_record('"broken,h,1\nb,h,2\n')[-1] == ["b", "h", "2"]


@given(st.lists(st.tuples(_PATHS, st.just("sha256=abc"), st.integers(0, 10**9).map(str))))
def test_what_csv_writes_is_read_back(rows: list[tuple[str, str, str]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    assert parse_record(text.getvalue()) == [list(row) for row in rows]


@given(st.text())
def test_any_text_gives_rows_of_three(text: str) -> None:
    assert all(len(row) == 3 for row in parse_record(text))


def test_paths_that_leave_the_folder_are_known() -> None:
    assert leaves_folder("../../../bin/f2py")
    assert leaves_folder("/usr/local/bin/x")
    assert leaves_folder("C:\\Scripts\\x.exe")
    assert leaves_folder("a\\..\\..\\x")
    assert not leaves_folder("a/..b/x..py")
    assert not leaves_folder("numpy/core.py")


def test_headers_are_what_lies_in_include_folders_and_they_are_counted() -> None:
    text = "tensorflow/include/a.h,h,1\ntensorflow/x.py,h,1\nnumpy/_core/include/numpy/b.h,h,1\ninclude.py,h,1\n"
    rows, count = read_record(text, headers=False)
    assert [row[0] for row in rows] == ["tensorflow/x.py", "include.py"]
    assert count == 4
