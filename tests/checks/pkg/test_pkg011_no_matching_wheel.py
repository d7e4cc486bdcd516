"""PKG011: an installer found nothing that fits."""

from __future__ import annotations

import pytest

import logs
from judged import judged
from m1doctor.checks.pkg.pkg011_no_matching_wheel import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.report import SkipKind, Status
from m1doctor.support.log.report import facts_of


@pytest.mark.parametrize(
    "text",
    [
        "ERROR: Could not find a version that satisfies the requirement tensorflow-macos (from versions: none)",
        "ERROR: No matching distribution found for tensorflow==2.2.0",
        "ERROR: x-1.0-cp38-cp38-macosx_11_0_arm64.whl is not a supported wheel on this platform.",
        "Unable to find installation candidates for tensorflow-io-gcs-filesystem (0.26.0)",
    ],
)
def test_the_words_of_the_fault_are_told_with_their_line(text: str) -> None:
    result = judged(CHECK, facts_of(logs.read(f"well\n{text}")))
    assert result.status is Status.ERROR
    finding = result.findings[0]
    assert finding.location is not None
    assert finding.location.line == 2
    assert finding.evidence[0].startswith("line 2: ")
    assert finding.remedy is not None


@pytest.mark.parametrize("text", ["Successfully installed tensorflow-2.18.1", "Collecting tensorflow==2.18.1"])
def test_other_words_are_not(text: str) -> None:
    result = judged(CHECK, facts_of(logs.read(text)))
    assert result.skip is SkipKind.NOT_APPLICABLE
    assert result.reason == "the log says nothing of it"


def test_without_a_log_nothing_is_said() -> None:
    assert judged(CHECK, Facts()).skip is SkipKind.NOT_ASKED


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
