"""PKG011: an installer found nothing that fits."""

from __future__ import annotations

import logs
from judged import judged
from m1doctor.checks.pkg.pkg011_no_matching_wheel import CHECK
from m1doctor.support.log.report import facts_of


def message(text: str) -> str:
    return judged(CHECK, facts_of(logs.read(text))).findings[0].message


def test_a_list_that_ends_where_the_x86_64_wheels_end_is_an_x86_64_process_and_not_yet_a_translated_one() -> None:
    words = message(
        "Could not find a version that satisfies the requirement tensorflow-macos==2.13 (from versions: 2.9.0, 2.12.0)"
    )
    assert "end at 2.12.0" in words
    assert "x86_64 process" in words
    assert "does not tell whether the Mac is an Intel one or the Python is translated" in words


def test_a_list_that_begins_where_the_arm64_wheels_begin_is_an_arm64_process() -> None:
    words = message(
        "Could not find a version that satisfies the requirement tensorflow==2.9.3 (from versions: 2.13.0rc0, 2.13.0)"
    )
    assert "begin at 2.13.0rc0" in words
    assert "arm64 process" in words


def test_a_list_that_holds_neither_end_tells_no_architecture() -> None:
    words = message(
        "Could not find a version that satisfies the requirement tensorflow-macos==2.14 (from versions: 2.12.0, 2.13.0)"
    )
    assert "x86_64" not in words
    assert "2.12.0, 2.13.0" in words


def test_an_empty_list_says_that_the_reason_is_not_known() -> None:
    assert "the text does not tell" in message("No matching distribution found for tensorflow-macos")
