from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

import reports
from m1doctor import diagnosis
from m1doctor.checks.check import Check
from m1doctor.checks.registry import Registry
from m1doctor.checks.selection import Wish, choose
from m1doctor.diagnosis import judge_again, load_report
from m1doctor.documents import DocumentError, to_json
from m1doctor.model.report import Report, Status
from m1doctor.model.unknown import Unknown, UnknownKind


def judged_again(report: Report, checks: Iterable[Check] = reports.CHECKS, ignore: Iterable[Wish] = ()) -> Report:
    registry = Registry(checks)
    return judge_again(report, registry, choose(registry, ignore=ignore), clock=reports.noon)


def _without_times(text: str) -> list[str]:
    return [line for line in text.splitlines() if '"seconds"' not in line and '"replay_of"' not in line]


def test_the_same_facts_give_the_same_document() -> None:
    report, _ = reports.broken()
    assert _without_times(to_json(judged_again(report))) == _without_times(to_json(report))


def test_a_replay_names_the_report_that_it_was_made_of_also_the_second_time() -> None:
    report, _ = reports.broken()
    once = judged_again(report)
    assert once.replay_of == report.created
    assert judged_again(once).replay_of == report.created


def test_a_replay_keeps_the_remarks_of_the_machine_and_makes_its_own_choice() -> None:
    ignore = [Wish(name="MAC004", source="--ignore", from_command_line=True)]
    report, _ = reports.report(reports.BROKEN_FACTS, reports.CHECKS, ignore=ignore, notes=("no hashes: offline",))
    assert len(report.notes) == 2
    again = judged_again(report)
    assert again.notes == ("no hashes: offline",)
    assert "MAC004" in [result.id for result in again.results]


def test_a_newer_check_judges_the_old_facts() -> None:
    report, _ = reports.broken()
    newer = reports.check("TF009", "new", findings=(reports.SYMBOL,))
    assert {result.id: result.status for result in judged_again(report, [newer]).results} == {"TF009": Status.ERROR}


def test_a_crashed_collector_is_told_and_still_is_when_it_is_judged_again() -> None:
    facts = replace(reports.BROKEN_FACTS, unknown={"power": Unknown("it fell over", UnknownKind.CRASHED)})
    report, _ = reports.report(facts, reports.CHECKS, broken=("entry point x",))
    assert report.failures == ("entry point x", "it fell over")
    assert judged_again(report).failures == ("it fell over",)


def test_a_saved_report_is_read(tmp_path: Path) -> None:
    report, _ = reports.broken()
    (tmp_path / "r.json").write_text(to_json(report))
    assert load_report(str(tmp_path / "r.json")) == report


def test_a_file_that_is_no_report_is_named(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text("{")
    with pytest.raises(DocumentError, match=r"r\.json: not JSON"):
        load_report(str(path))


def test_a_missing_file_a_folder_and_a_bundle_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"cannot read .*absent\.json: No such file or directory"):
        load_report(str(tmp_path / "absent.json"))
    with pytest.raises(DocumentError, match=r"Is a directory"):
        load_report(str(tmp_path))
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as bundle:
        bundle.writestr("report.json", "{}")
    with pytest.raises(DocumentError, match=r"b\.zip: a zip archive without a manifest"):
        load_report(str(tmp_path / "b.zip"))


def test_a_path_that_cannot_be_one_is_refused() -> None:
    with pytest.raises(DocumentError, match=r"cannot read"):
        load_report("a\0b")


def test_a_file_larger_than_any_report_is_refused_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "LARGEST_REPORT_BYTES", 1000)
    with pytest.raises(DocumentError, match=r"/dev/zero: larger than any report"):
        load_report("/dev/zero")


def test_a_report_that_an_editor_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    report, _ = reports.broken()
    (tmp_path / "r.json").write_text(to_json(report), encoding="utf-8-sig")
    assert load_report(str(tmp_path / "r.json")) == report
