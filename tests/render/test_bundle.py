from __future__ import annotations

from pathlib import Path

import reports
from m1doctor.render.bundle import preview_words, written_words

MEMBERS = {"report.md": b"# hello\n\x1b[31mred\n", "a.txt": b"x\n"}
REPORT = reports.broken()[0]


def test_it_says_where_the_archive_is_and_what_was_taken_out() -> None:
    text = written_words(REPORT, Path("x.zip"), MEMBERS, ["user name (2, 41 times)"], redacted=True)
    assert "\nWritten: x.zip\n  2 files, 0 kB unpacked\n  Taken out: user name (2, 41 times).\n" in text
    assert max(map(len, text.splitlines())) <= 80


def test_an_archive_that_tells_everything_says_so() -> None:
    assert "NOT REDACTED" in written_words(REPORT, Path("x.zip"), MEMBERS, [], redacted=False)


def test_a_preview_shows_every_member_whole_and_moves_no_cursor() -> None:
    assert preview_words(MEMBERS) == (
        "2 files would be in the archive; nothing was written.\n\n"
        "===== a.txt (2 bytes) =====\nx\n\n"
        "===== report.md (17 bytes) =====\n# hello\n\\x1b[31mred\n"
    )
