from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from m1doctor.cli.options import ReportFormat

Command = Callable[..., Any]
BEGINS = {
    ReportFormat.TEXT: "✗ ",
    ReportFormat.JSON: "{\n",
    ReportFormat.MARKDOWN: "**error**: ",
    ReportFormat.HTML: "<!doctype html>\n",
    ReportFormat.SARIF: "{\n",
    ReportFormat.JUNIT: "<?xml ",
}


@pytest.mark.parametrize("form", ReportFormat)
def test_a_report_is_told_in_every_format_on_the_screen_and_in_a_file(
    m1doctor: Command, tmp_path: Path, form: ReportFormat
) -> None:
    log = tmp_path / "a.log"
    log.write_text("zsh: illegal hardware instruction  python\n")
    saved = tmp_path / "saved.json"
    m1doctor("log", log, "--format", "json", "--output", saved)
    for arguments in (["log", log], ["diagnose", "--replay", saved]):
        answer = m1doctor(*arguments, "--format", form)
        assert answer.out.startswith(BEGINS[form])
        assert answer.out.endswith("\n")
        assert answer.err == ""
        filed = m1doctor(*arguments, "--format", form, "--output", tmp_path / "report")
        assert filed.out == ""
        assert filed.status == answer.status
        assert (tmp_path / "report").read_text().startswith(BEGINS[form])


@pytest.mark.parametrize(("fail_on", "failures"), [("error", 1), ("never", 0)])
def test_the_cases_that_fail_are_those_that_make_the_exit_status(
    m1doctor: Command, tmp_path: Path, fail_on: str, failures: int
) -> None:
    log = tmp_path / "a.log"
    log.write_text("zsh: illegal hardware instruction  python\n")
    answer = m1doctor("log", log, "--format", "junit", "--fail-on", fail_on)
    assert answer.status == failures
    assert f'failures="{failures}"' in answer.out
