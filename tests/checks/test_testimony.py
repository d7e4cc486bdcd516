"""From sightings to findings: one cause once, under ids that exist, beside what an examination finds by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

import logs
from m1doctor.checks.engine import judge
from m1doctor.checks.testimony import hear, is_harmless
from m1doctor.knowledge import log_lines
from m1doctor.model.facts import Facts
from m1doctor.model.report import Result, SkipKind, Status, VerdictStatus
from m1doctor.support.log.report import facts_of

DEATH = "zsh: abort      python x.py"
KILLED = "zsh: killed     python train.py"
FALLBACK = "AttributeError: 'Adam' object has no attribute 'build'"
UNREACHED = "CondaHTTPError: HTTP 000 CONNECTION FAILED for url <https://channel.example/osx-arm64/repodata.json>"
BUILD_FAILED = "ERROR: Failed building wheel for grpcio"
SITE = "/Users/kim/env/lib/python3.11/site-packages"
PLUGIN_FAILS = (
    f"dlopen({SITE}/tensorflow-plugins/libmetal_plugin.dylib, 0x0006): Library not loaded: "
    "@rpath/_pywrap_tensorflow_internal.so"
)


def results(facts: Facts) -> dict[str, Result]:
    return {result.id: result for result in judge(facts, logs.registry())}


def test_a_death_that_the_log_explains_is_not_told_again() -> None:
    omp = "OMP: Error #15: Initializing libiomp5.dylib, but found libomp.dylib already initialized."
    assert logs.causes(f"{omp}\n{DEATH}") == ["PKG015"]
    assert logs.causes(f"{DEATH}\n" + "x\n" * 60 + omp) == ["TF011", "PKG015"]


def test_an_id_that_does_not_exist_is_not_told() -> None:
    log = logs.read(DEATH)
    assert set(hear(log, {"TF011"})) == {"TF011"}
    assert hear(log, {"TF001"}) == {}
    assert hear(None, {"TF011"}) == {}


def test_a_check_whose_own_facts_are_unknown_speaks_through_the_log() -> None:
    told = results(facts_of(logs.read(PLUGIN_FAILS)))
    assert told["LNK001"].status is Status.ERROR
    assert told["LNK002"].skip is SkipKind.NOT_ASKED
    assert told["LNK002"].reason == "only a log was read"


def test_a_consequence_in_the_log_is_explained_by_its_cause() -> None:
    text = f"{PLUGIN_FAILS}\n" + "well\n" * 200 + ">>> tf.config.list_physical_devices('GPU')\n[]"
    report = logs.judged(text)
    assert report.verdict.causes == ("LNK001",)


def test_a_wording_yields_in_a_check_that_only_a_log_speaks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    told = results(facts_of(logs.read(f"{FALLBACK}\n{KILLED}")))
    assert (told["TF013"].status, told["MEM007"].status) == (Status.ERROR, Status.ERROR)
    yielding = {
        kind: replace(wording, yields_to=("MEM007",)) if "TF013" in wording.checks else wording
        for kind, wording in log_lines.wordings().items()
    }
    monkeypatch.setattr(log_lines, "wordings", lambda: yielding)
    told = results(facts_of(logs.read(f"{FALLBACK}\n{KILLED}")))
    assert told["TF013"].skip is SkipKind.NOT_APPLICABLE
    assert results(facts_of(logs.read(FALLBACK)))["TF013"].status is Status.ERROR


def test_no_wording_yields_to_a_check_that_takes_no_part() -> None:
    text = "LLVM ERROR: Failed to infer result type(s).\nError: command buffer exited with error status.\n"
    facts = facts_of(logs.read(text))
    assert results(facts)["TF011"].skip is SkipKind.NOT_ASKED
    (alone,) = judge(facts, logs.registry(), selected=lambda check_id: check_id == "TF011")
    assert alone.status is Status.ERROR


def test_what_a_log_does_not_say_is_not_explained_by_what_it_says() -> None:
    told = results(facts_of(logs.read(UNREACHED)))
    assert told["PKG017"].status is Status.ERROR
    assert (told["PKG012"].skip, told["PKG012"].reason) == (SkipKind.NOT_APPLICABLE, "the log says nothing of it")
    told = results(facts_of(logs.read(f"{UNREACHED}\n{BUILD_FAILED}")))
    assert (told["PKG012"].skip, told["PKG012"].root) == (SkipKind.EXPLAINED, "PKG017")


def test_the_interpreter_of_the_quoted_paths_is_named_for_the_examination() -> None:
    (finding,) = results(facts_of(logs.read(PLUGIN_FAILS)))["LNK001"].findings
    assert finding.remedy is not None
    assert finding.remedy.steps[-1].argv == ("m1doctor", "diagnose", "--python", "/Users/kim/env/bin/python3.11")
    elided = logs.read(PLUGIN_FAILS.replace("/Users/kim", "..."))
    (finding,) = results(facts_of(elided))["LNK001"].findings
    assert finding.remedy is not None
    assert all(not step.argv for step in finding.remedy.steps)


def test_every_message_is_a_whole_sentence_without_braces() -> None:
    for line in (
        DEATH,
        PLUGIN_FAILS,
        "No matching distribution found for x==1{y}",
        "symbol not found in flat namespace '_{x}'",
    ):
        findings = [finding for result in logs.judged(line).results for finding in result.findings]
        assert findings
        for finding in findings:
            assert finding.message.endswith((".", "!", "?"))
            assert "{" not in finding.message.replace("x==1{y}", "")


def test_harmless_is_said_only_where_every_line_is_known_to_be() -> None:
    harmless = "Failed to get CPU frequency: 0 Hz\n"
    assert is_harmless(logs.read(harmless))
    assert not is_harmless(logs.read(harmless + "what is this"))
    assert not is_harmless(logs.read(harmless + DEATH))
    assert not is_harmless(logs.read(harmless + "The kernel appears to have died."))
    assert not is_harmless(logs.read(""))


def test_the_verdict_of_a_log_says_how_sure_it_is() -> None:
    verdicts = {
        text: logs.judged(text).verdict for text in (DEATH, "Failed to get CPU frequency: 0 Hz", "what is this", "")
    }
    assert [verdict.status for verdict in verdicts.values()] == [
        VerdictStatus.ERROR,
        VerdictStatus.HEALTHY,
        VerdictStatus.UNKNOWN,
        VerdictStatus.UNKNOWN,
    ]
    assert verdicts["what is this"].headline.startswith("I don't know")
    assert verdicts["what is this"].causes == ()


def test_a_log_joins_an_examination() -> None:
    examined = replace(facts_of(logs.read(DEATH)), host=None, timings={"total": 1.0})
    assert results(examined)["TF011"].status is Status.ERROR
    without = Facts(unknown=examined.unknown)
    assert results(without)["TF011"].status is Status.SKIPPED
    assert results(without)["PKG011"].reason == "no log was given"
