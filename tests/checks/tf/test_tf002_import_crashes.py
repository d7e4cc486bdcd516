"""TF002: the process dies by a signal in the import."""

from __future__ import annotations

from dataclasses import replace

import pytest

from judged import judged
from m1doctor.checks.tf.tf002_import_crashes import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.runtime import ChildEnd
from runs import FINISHED, LOAD_LIBRARY, linux, mac, outcome, runtime

HARMLESS = "2026-11-23 10:00:00.123456: I tensorflow/core/util/port.cc:153] oneDNN custom operations are on."


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("SIGILL", "an instruction that it does not have; an x86_64 TensorFlow needs AVX"),
        ("SIGKILL", "for want of memory; macOS also kills a process at once that maps a library with a broken code"),
        ("SIGSEGV", "touched memory that is not its own"),
        ("SIGABRT", "called abort()"),
        ("SIGBUS", "a library cut short on disk"),
    ],
)
def test_each_signal_is_named_and_explained(name: str, words: str) -> None:
    result = judged(CHECK, mac(runtime(outcome(ChildEnd.DIED, signal=name))))
    assert result.status is Status.ERROR
    assert result.summary.startswith(f"import tensorflow dies of {name}: ")
    assert words in result.summary
    remedy = result.findings[0].remedy
    assert remedy is not None
    assert "DiagnosticReports" in remedy.steps[-1].text


def test_what_is_true_on_a_mac_only_is_not_said_elsewhere() -> None:
    result = judged(CHECK, linux(runtime(outcome(ChildEnd.DIED, signal="SIGILL"))))
    assert result.summary == (
        "import tensorflow dies of SIGILL: the processor met an instruction that it does not have."
    )
    assert not any("DiagnosticReports" in step.text for finding in result.findings for step in finding.remedy.steps)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('Non-OK-status: INTERNAL: platform is already registered with name: "METAL"', "registered the platform METAL"),
        ("The TensorFlow library was compiled to use AVX instructions, but these aren't available on your machine.",
         "needs AVX instructions"),
        ("OMP: Error #15: Initializing libomp.dylib, but found libiomp5.dylib already initialized.",
         "two OpenMP runtimes met in one process (libiomp5.dylib, then libomp.dylib)"),
        ("libc++abi: terminating: std::__1::system_error: mutex lock failed: Invalid argument", "their locks collide"),
        ("[libprotobuf FATAL google/protobuf/stubs/common.cc:83] This program was compiled against", "protobuf"),
    ],
)  # fmt: skip
def test_the_last_line_explains_an_abort_where_it_is_known(line: str, words: str) -> None:
    result = judged(CHECK, mac(runtime(outcome(ChildEnd.DIED, signal="SIGABRT", last_lines=(HARMLESS, line)))))
    assert words in result.summary
    assert line in result.findings[0].evidence
    assert HARMLESS not in result.findings[0].evidence


def test_a_plugin_is_blamed_where_the_import_works_without_it() -> None:
    ended = outcome(ChildEnd.DIED, signal="SIGSEGV", python_stack=(LOAD_LIBRARY,))
    result = judged(CHECK, mac(replace(runtime(ended), without_plugins=FINISHED)))
    assert "dies of SIGSEGV while the plugin libmetal_plugin.dylib is loaded" in result.summary
    remedy = result.findings[0].remedy
    assert remedy is not None
    assert "uninstall" in remedy.steps[0].argv


def test_a_plugin_is_not_blamed_where_the_import_dies_without_it_too() -> None:
    ended = outcome(ChildEnd.DIED, signal="SIGSEGV", python_stack=(LOAD_LIBRARY,))
    result = judged(CHECK, mac(replace(runtime(ended), without_plugins=ended)))
    assert "plugin" not in result.summary


def test_an_interpreter_that_dies_by_itself_is_told_as_that() -> None:
    result = judged(CHECK, mac(runtime(outcome(ChildEnd.DIED, signal="SIGKILL", stage=None))))
    assert result.summary.startswith("The target's Python dies of SIGKILL before it imports anything")


@pytest.mark.parametrize("end", [ChildEnd.RAISED, ChildEnd.HUNG, ChildEnd.EXITED, ChildEnd.NOT_STARTED])
def test_other_ends_are_not_of_this_check(end: ChildEnd) -> None:
    assert judged(CHECK, mac(runtime(outcome(end)))).status is Status.PASS


def test_a_death_after_the_import_is_not_of_this_check() -> None:
    later = outcome(ChildEnd.DIED, signal="SIGSEGV", stage="matmul")
    assert judged(CHECK, mac(runtime(later, imports=True))).status is Status.PASS


def test_unknown_is_not_a_pass() -> None:
    assert judged(CHECK, Facts()).skip is SkipKind.UNKNOWN
