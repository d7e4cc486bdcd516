"""PKG012: an installer compiled and failed."""

from __future__ import annotations

import pytest

import logs
from judged import judged
from m1doctor.checks.pkg.pkg012_source_build_failed import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.report import SkipKind, Status
from m1doctor.support.log.report import facts_of


@pytest.mark.parametrize(
    "text",
    ["ERROR: Failed building wheel for grpcio", "Building wheel for h5py (pyproject.toml) did not run successfully."],
)
def test_the_words_of_the_fault_are_told_with_their_line(text: str) -> None:
    result = judged(CHECK, facts_of(logs.read(f"well\n{text}")))
    assert result.status is Status.ERROR
    finding = result.findings[0]
    assert finding.location is not None
    assert finding.location.line == 2
    assert finding.evidence[0].startswith("line 2: ")
    assert finding.remedy is not None


@pytest.mark.parametrize("text", ["Successfully built grpcio", "  Building wheel for grpcio (setup.py) ... done"])
def test_other_words_are_not(text: str) -> None:
    result = judged(CHECK, facts_of(logs.read(text)))
    assert result.skip is SkipKind.NOT_APPLICABLE
    assert result.reason == "the log says nothing of it"


def test_without_a_log_nothing_is_said() -> None:
    assert judged(CHECK, Facts()).skip is SkipKind.NOT_ASKED


def test_one_build_is_told_once_by_its_package() -> None:
    text = "Building wheel for h5py (setup.py) ... error\nERROR: Failed building wheel for h5py\nFailed to build h5py"
    (finding,) = judged(CHECK, facts_of(logs.read(text))).findings
    assert finding.message.startswith("h5py was built from source")
    assert len(finding.evidence) == 3
