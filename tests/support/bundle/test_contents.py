from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest

import rendered
import reports
from m1doctor.checks.registry import Registry
from m1doctor.checks.selection import choose
from m1doctor.diagnosis import judge_again
from m1doctor.documents import from_json
from m1doctor.model.reading import Reading
from m1doctor.model.report import Report
from m1doctor.support.bundle.archive import pack
from m1doctor.support.bundle.contents import Contents, LeakError, assemble, search
from m1doctor.support.bundle.raw import Raw
from m1doctor.support.bundle.reader import report_of
from m1doctor.support.redact.redactor import Redactor
from m1doctor.support.redact.secret import Kind, Known
from machines import loading

MISMATCH, REGISTRY = rendered.of_machine("metal-mismatch")
READING = Reading(argv=("/usr/bin/env",), returncode=0, stdout="HF_TOKEN=abcdef123456\nsent abcdef123456 for jane\n")
RAW = Raw(readings=(READING,), environment={"PIP_INDEX_URL": "https://jane:pw12345x@packages.example.com/simple"})


def judging(registry: Registry) -> Callable[[Report], Report]:
    def judge(clean: Report) -> Report:
        again = judge_again(clean, registry, choose(registry), clock=reports.noon)
        return replace(again, replay_of=clean.replay_of, created=clean.created)

    return judge


def made(report: Report = MISMATCH, raw: Raw = RAW, redactor: Redactor | None = None, **more: object) -> Contents:
    arguments: dict[str, object] = {"lock": "tensorflow==2.18.1\n", "missing": (), "judge": judging(REGISTRY)}
    return assemble(report, REGISTRY, raw, redactor=redactor or Redactor(), **(arguments | more))


def test_a_bundle_holds_the_report_in_three_forms_and_what_explains_it() -> None:
    assert sorted(made().members) == [
        "environment.txt",
        "manifest.json",
        "not-collected.txt",
        "readings/001-env.txt",
        "removed.txt",
        "report.html",
        "report.json",
        "report.md",
        "requirements.txt",
    ]


def test_a_replayed_bundle_gives_the_senders_results() -> None:
    contents = made()
    received = report_of(pack(contents.members))
    again = judge_again(received, REGISTRY, choose(REGISTRY))
    assert again.results == received.results == contents.report.results
    assert again.verdict == received.verdict
    assert [result.status for result in again.results] == [result.status for result in MISMATCH.results]


@pytest.mark.parametrize("machine", loading.names())
def test_no_machine_is_judged_otherwise_without_its_secrets(machine: str) -> None:
    report, registry = rendered.of_machine(machine)
    contents = assemble(report, registry, Raw(), lock=None, missing=(), redactor=Redactor(), judge=judging(registry))
    assert [(result.id, result.status) for result in contents.report.results] == [
        (result.id, result.status) for result in report.results
    ]


def test_the_same_facts_give_the_same_bytes() -> None:
    assert pack(made().members) == pack(made().members)


def test_no_secret_is_in_any_member() -> None:
    contents = made(redactor=Redactor([Known(Kind.USER, "jane")]))
    everything = b"\n".join(contents.members.values())
    for secret in (b"abcdef123456", b"pw12345x", b"jane", b"/Users/me/"):
        assert secret not in everything
    assert b"HF_TOKEN=redacted-secret-" in contents.members["readings/001-env.txt"]
    removed = contents.members["removed.txt"].decode()
    assert "user name: 3 different, in " in removed
    assert "token, key or password: 2 different, in 3 places" in removed


def test_what_a_log_gives_away_is_taken_out_of_the_report_too() -> None:
    report = replace(MISMATCH, notes=("seen by bobby77",))
    contents = made(report, Raw(log="/Users/bobby77/x\n"))
    assert contents.report.notes[0].startswith("seen by redacted-user-")


def test_without_redaction_everything_stays_and_that_is_said() -> None:
    contents = assemble(MISMATCH, REGISTRY, RAW, lock=None, missing=(), redactor=None, judge=judging(REGISTRY))
    assert contents.report is MISMATCH
    assert b"abcdef123456" in contents.members["readings/001-env.txt"]
    assert b'"redacted": false' in contents.members["manifest.json"]
    assert contents.members["removed.txt"] == b"Nothing was removed: this bundle was made with --no-redact.\n"


def test_what_could_not_be_had_is_told_with_its_reason() -> None:
    text = made(missing=("requirements.txt: nobody knows",)).members["not-collected.txt"].decode()
    assert text.startswith("requirements.txt: nobody knows\n")
    for name, unknown in MISMATCH.facts.unknown.items():
        assert f"{name}: {unknown.reason} ({unknown.kind.value})\n" in text


def test_a_verdict_that_redaction_would_change_makes_no_bundle() -> None:
    def other(clean: Report) -> Report:
        return replace(judging(REGISTRY)(clean), results=tuple(reversed(clean.results)))

    with pytest.raises(LeakError, match="no bundle was made: without the secrets"):
        made(judge=other)


def test_a_secret_that_is_left_makes_no_bundle() -> None:
    class Careless(Redactor):
        def redact(self, text: str) -> str:
            return text

    with pytest.raises(
        LeakError, match=r"no bundle was made: a secret \(.*token, key or password\) .* readings/001-env.txt"
    ):
        made(redactor=Careless())


def test_the_search_names_the_kind_and_the_member_and_never_the_secret() -> None:
    with pytest.raises(LeakError) as caught:
        search({"report.md": b"by jane"}, Redactor([Known(Kind.USER, "jane")]))
    assert str(caught.value) == "no bundle was made: a secret (user name) would have been left in report.md"


def test_a_report_that_was_bundled_reads_as_any_other() -> None:
    with zipfile.ZipFile(io.BytesIO(pack(made().members))) as archive:
        assert from_json(archive.read("report.json")) == made().report
