from __future__ import annotations

from dataclasses import replace

import pytest

from interpreters import FOLDER_ONLY, M1, PYTHON
from judged import judged
from m1doctor.checks.lnk.lnk003_plugin_needs_newer_macos import CHECK
from m1doctor.model.report import SkipKind, Status
from plugged import apple, community, environment, nothing


@pytest.mark.parametrize(("macos", "minimum"), [("11.6", "12.1"), ("12.0.1", "12.1"), ("14.7", "15.0")])
def test_an_older_macos_is_an_error_with_both_versions(macos: str, minimum: str) -> None:
    result = judged(CHECK, environment(apple(minimum_macos=minimum), host=replace(M1, macos_version=macos)))
    assert result.status is Status.ERROR
    assert result.summary == f"tensorflow-metal 1.2.0 was built for macOS {minimum}, and this Mac runs {macos}."
    assert f"LC_BUILD_VERSION of the library: minos {minimum}" in result.findings[0].evidence


def test_the_way_out_is_an_update_or_a_pair_of_this_macos() -> None:
    result = judged(CHECK, environment(apple(), host=replace(M1, macos_version="12.0.1")))
    remedy = result.findings[0].remedy
    assert remedy is not None
    update, pair = remedy.steps
    assert "Update macOS to 12.1" in update.text
    assert pair.argv == (PYTHON, "-m", "pip", "install", "tensorflow==2.17.1", "tensorflow-metal==1.1.0")


def test_where_no_pair_fits_an_update_is_the_only_way() -> None:
    result = judged(CHECK, environment(community(), host=replace(M1, macos_version="14.1")))
    remedy = result.findings[0].remedy
    assert remedy is not None
    assert len(remedy.steps) == 1


@pytest.mark.parametrize("macos", ["12.1", "12.1.1", "15.5", "26.0"])
def test_the_same_or_a_newer_macos_passes(macos: str) -> None:
    assert judged(CHECK, environment(apple(), host=replace(M1, macos_version=macos))).status is Status.PASS


def test_an_unknown_macos_is_not_a_pass() -> None:
    assert judged(CHECK, environment(apple(), host=FOLDER_ONLY)).skip is SkipKind.NOT_ASKED
    assert judged(CHECK, nothing()).skip is SkipKind.UNKNOWN


def test_a_library_that_does_not_say_is_not_a_pass() -> None:
    result = judged(CHECK, environment(apple(minimum_macos=None)))
    assert result.skip is SkipKind.NOT_APPLICABLE
