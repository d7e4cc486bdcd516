from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import reports
from m1doctor.checks.check import Check, Stage
from m1doctor.checks.selection import Wish
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Level
from m1doctor.model.report import Verdict, VerdictStatus
from m1doctor.model.runtime import ChildEnd, ChildOutcome, Runtime
from m1doctor.model.unknown import Unknown, UnknownKind, not_asked


def verdict(facts: Facts, checks: Iterable[Check], **more: Any) -> Verdict:
    return reports.report(facts, checks, **more)[0].verdict


def test_errors_come_before_warnings_and_then_the_earlier_stage() -> None:
    checks = [
        reports.check("AA001", "a", Level.WARNING, Stage.HOST, (reports.VIRTUAL,)),
        reports.check("AA002", "b", Level.ERROR, Stage.DEVICE, (reports.SYMBOL,)),
        reports.check("AA003", "c", Level.ERROR, Stage.PACKAGES, (reports.SYMBOL,)),
    ]
    assert verdict(reports.BROKEN_FACTS, checks).causes == ("AA003", "AA002", "AA001")


def test_the_headline_is_the_first_cause() -> None:
    assert verdict(reports.BROKEN_FACTS, reports.CHECKS).headline == reports.SYMBOL.message


def test_a_consequence_is_no_cause() -> None:
    assert verdict(reports.BROKEN_FACTS, reports.CHECKS).causes == ("LNK002", "MAC004")


def test_warnings_alone_make_a_warning() -> None:
    checks = [reports.check("AA001", "a", findings=(reports.VIRTUAL,))]
    assert verdict(reports.BROKEN_FACTS, checks).status is VerdictStatus.WARNING


def test_a_note_is_a_healthy_machine_with_a_remark() -> None:
    told = verdict(
        reports.HEALTHY_FACTS, [*reports.HEALTHY_CHECKS, reports.check("AA001", "a", findings=(reports.TOOLS,))]
    )
    assert told.status is VerdictStatus.NOTE
    assert told.headline == "Nothing wrong found: TensorFlow 2.18.1 sees the GPU and computes on it."
    assert told.causes == ()


def test_a_decisive_check_without_its_facts_leaves_the_verdict_open() -> None:
    checks = [*reports.HEALTHY_CHECKS, reports.check("AA001", "a", needs=("memory",), decisive=True)]
    facts = replace(reports.HEALTHY_FACTS, unknown={"memory": Unknown("vm_stat said nothing")})
    told = verdict(facts, checks)
    assert (told.status, told.headline) == (VerdictStatus.UNKNOWN, "I don't know: vm_stat said nothing.")


def test_a_check_that_is_not_decisive_does_not() -> None:
    checks = [*reports.HEALTHY_CHECKS, reports.check("AA001", "a", needs=("memory",))]
    facts = replace(reports.HEALTHY_FACTS, unknown={"memory": Unknown("vm_stat said nothing")})
    assert verdict(facts, checks).status is VerdictStatus.HEALTHY


def test_what_was_not_asked_leaves_nothing_open() -> None:
    checks = [*reports.HEALTHY_CHECKS, reports.check("AA001", "a", needs=("memory",), decisive=True)]
    facts = replace(reports.HEALTHY_FACTS, unknown={"memory": not_asked("--quick")})
    assert verdict(facts, checks).status is VerdictStatus.HEALTHY


def test_a_crashed_check_or_collector_is_never_healthy() -> None:
    crashing = replace(reports.check("AA001", "a"), judge=reports.broken_judge)
    assert verdict(reports.HEALTHY_FACTS, [*reports.HEALTHY_CHECKS, crashing]).status is VerdictStatus.UNKNOWN
    facts = replace(reports.HEALTHY_FACTS, unknown={"power": Unknown("it fell over", UnknownKind.CRASHED)})
    assert verdict(facts, reports.HEALTHY_CHECKS).status is VerdictStatus.UNKNOWN


def test_nothing_judged_is_not_healthy() -> None:
    checks = [reports.check("AA001", "a", applies=lambda _: "this is no Mac")]
    told = verdict(reports.HEALTHY_FACTS, checks)
    assert (told.status, told.headline) == (
        VerdictStatus.UNKNOWN,
        "I don't know: not one check could be judged (this is no Mac).",
    )


def test_the_headline_says_how_far_the_examination_went() -> None:
    files_only = replace(reports.HEALTHY_FACTS, runtime=None, correctness=None)
    assert verdict(files_only, reports.HEALTHY_CHECKS).headline == (
        "Nothing wrong found in the files: TensorFlow 2.18.1 was examined. Nothing was run."
    )
    no_gpu = replace(
        reports.HEALTHY_FACTS, runtime=Runtime(outcome=ChildOutcome(end=ChildEnd.FINISHED, seconds=1.0), devices=())
    )
    assert (
        verdict(no_gpu, reports.HEALTHY_CHECKS).headline == "Nothing wrong found: TensorFlow 2.18.1 runs, on the CPU."
    )


def test_a_choice_of_checks_is_not_told_as_the_whole_examination() -> None:
    told = verdict(
        reports.HEALTHY_FACTS,
        reports.HEALTHY_CHECKS,
        ignore=[Wish(name="TF001", source="--ignore", from_command_line=True)],
    )
    assert told.headline == "Nothing wrong found by the 1 chosen of 2 checks."
