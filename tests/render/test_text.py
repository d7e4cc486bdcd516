from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from rich.cells import cell_len

import reports
from m1doctor.checks.registry import Registry
from m1doctor.checks.selection import Wish
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level
from m1doctor.model.interpreter import VirtualEnvironment
from m1doctor.model.remedy import Action, Change, Remedy, run
from m1doctor.model.report import Lock, Report
from m1doctor.model.unknown import Unknown, UnknownKind
from m1doctor.render.text import Look, render_text


def shown(pair: tuple[Report, Registry] | None = None, **look: Any) -> str:
    report, registry = reports.broken() if pair is None else pair
    return render_text(report, registry, Look(**look))


def test_the_verdict_and_its_cause_come_first() -> None:
    lines = shown().splitlines()
    assert lines[0] == "✗ tensorflow-metal 1.2.0 asks for a symbol that TensorFlow 2.21.0 does not have."
    assert lines[5] == "LNK002 plugin-symbol-not-found"


def test_the_whole_page_of_a_broken_machine() -> None:
    assert shown() == (
        f"""\
✗ tensorflow-metal 1.2.0 asks for a symbol that TensorFlow 2.21.0 does not have.
  /Users/me/My Projects/vision/.venv/bin/python (.venv in this folder)
  tensorflow 2.21.0 · tensorflow-metal 1.2.0 · Python 3.11.7 arm64 ·
  macOS 15.4 · Apple M1 Pro · 16 GB

LNK002 plugin-symbol-not-found
  │ {reports.DYLD}
"""
        r"""  │ hostile \x1b[31mred\x1b[0m [bold]not markup[/bold] \u202eevil \x07
  Expected: a TensorFlow from 2.16.1 to 2.18.1

  Why it matters: TensorFlow loads every plugin while it is imported, so the
  import itself fails.

  What to do: Install the newest TensorFlow that this plugin links with.
    1. Install TensorFlow 2.18.1.
       '/Users/me/My Projects/vision/.venv/bin/python' -m pip install tensorflow==2.18.1
    2. Restart the notebook kernel: the old libraries stay loaded until then.

  More: m1doctor explain LNK002

! MAC004 virtual-machine
  This is a virtual machine.
  │ AppleParavirtGPU
  More: m1doctor explain MAC004

Explained by LNK002: TF001 import-fails, TF004 no-gpu-visible

i Apple's Command Line Tools are not installed. (MAC008
  command-line-tools-missing)

? Not known, because sysctl printed no pressure level:
  MEM001 memory-pressure

8 checks in 6.4 s: 1 passed, 1 error, 1 warning, 1 note, 2 explained,
1 not applicable, 1 unknown
"""
    )


def test_a_healthy_machine_takes_a_handful_of_lines() -> None:
    lock = Lock(path="/state/requirements.txt", packages=39, hashed=True)
    text = shown(reports.report(reports.HEALTHY_FACTS, reports.HEALTHY_CHECKS, lock=lock))
    assert text == (
        """\
✓ Nothing wrong found: TensorFlow 2.18.1 sees the GPU and computes on it.
  /Users/me/My Projects/vision/.venv/bin/python (.venv in this folder)
  tensorflow 2.18.1 · tensorflow-metal 1.2.0 · Python 3.11.7 arm64 ·
  macOS 15.4 · Apple M1 Pro · 16 GB

Smoke run: answers on GPU:0: right (1 of 1 are NumPy's);
           1024 elements through tf.data in 12 ms, complete
Pinned 39 packages with hashes:
  /state/requirements.txt
2 checks in 6.4 s: 2 passed
"""
    )


@pytest.mark.parametrize("width", [20, 40, 80, 100])
def test_prose_keeps_to_the_width(width: int) -> None:
    text = shown(width=width, wrap_captured=True)
    command = "-m pip install"
    target = "(.venv in this folder)"
    lines = [line for line in text.splitlines() if command not in line and target not in line]
    assert max(cell_len(line) for line in lines) <= width


@pytest.mark.parametrize("width", [20, 40, 80])
def test_a_command_to_paste_is_never_broken(width: int) -> None:
    command = "'/Users/me/My Projects/vision/.venv/bin/python' -m pip install tensorflow==2.18.1"
    assert command in [line.strip() for line in shown(width=width, wrap_captured=True).splitlines()]


def test_quoted_words_stay_whole_where_they_can_be_searched() -> None:
    assert reports.DYLD in shown(width=40)


def test_captured_text_is_never_markup_nor_an_escape() -> None:
    text = shown(colour=True)
    assert "[bold]not markup[/bold]" in text
    assert r"\x1b[31mred" in text
    assert "\x07" not in text


def test_without_colour_there_is_not_one_escape() -> None:
    assert "\x1b" not in shown()


def test_with_colour_the_words_are_the_same() -> None:
    assert re.sub(r"\x1b\[[0-9;]*m", "", shown(colour=True)) == shown()


def test_an_encoding_without_our_marks_gets_plain_ones() -> None:
    assert shown(unicode=False).isascii()


def test_verbose_tells_every_check_and_the_timings() -> None:
    text = shown(verbose=True)
    for check in reports.CHECKS:
        assert f"{check.id} {check.slug}: " in text
    assert "host 200 ms" in text


def test_what_is_not_known_is_said() -> None:
    assert "? Not known, because sysctl printed no pressure level:\n  MEM001 memory-pressure\n" in shown()


def test_long_evidence_is_cut_with_a_count_and_whole_when_verbose() -> None:
    finding = Finding(level=Level.ERROR, message="Many.", evidence=tuple(f"symbol {n}" for n in range(40)))
    pair = reports.report(reports.BROKEN_FACTS, [reports.check("LNK002", "many", findings=(finding,))])
    assert "… 28 more lines (--verbose shows them)" in shown(pair)
    assert "symbol 39" in shown(pair, verbose=True)


def test_many_findings_are_cut_with_a_count_and_share_their_remedy() -> None:
    findings = tuple(
        Finding(level=Level.ERROR, message=f"Wheel {n} is broken.", remedy=reports.SYMBOL.remedy) for n in range(40)
    )
    text = shown(reports.report(reports.BROKEN_FACTS, [reports.check("PKG004", "damaged", findings=findings)]))
    assert "… and 34 more like these (--verbose shows them)" in text
    assert text.count("What to do:") == 1


def test_an_ignored_check_is_named_with_its_reason() -> None:
    wish = Wish(
        name="MAC004", source="pyproject.toml, tool.m1doctor.ignore", from_command_line=False, reason="CI is a VM"
    )
    text = shown(reports.report(reports.BROKEN_FACTS, reports.CHECKS, ignore=[wish]))
    assert "Note: MAC004 (virtual-machine) was left out by pyproject.toml," in text
    assert "CI is a VM" in text


def test_our_own_failures_are_told_as_such() -> None:
    crashing = reports.check("LNK002", "broken-check")
    object.__setattr__(crashing, "judge", reports.broken_judge)
    text = shown(reports.report(reports.BROKEN_FACTS, [crashing], broken=("entry point x cannot be loaded",)))
    assert "m1doctor itself could not finish:" in text
    assert "* entry point x cannot be loaded" in text
    assert "* check LNK002 (broken-check): KeyError: 'no such thing'" in text


def test_a_replay_says_so() -> None:
    report, registry = reports.report(reports.BROKEN_FACTS, reports.CHECKS, replay_of="2026-01-01T00:00:00Z")
    assert "replayed from a report of 2026-01-01T00:00:00Z" in shown((report, registry))


def test_a_wrong_answer_is_not_told_as_right() -> None:
    answers = reports.HEALTHY_FACTS.correctness
    product = replace(answers.product.comparisons[0], largest_error=None)
    wrong = replace(answers, product=replace(answers.product, comparisons=(product,)))
    facts = replace(reports.HEALTHY_FACTS, correctness=wrong)
    assert ": WRONG" in shown(reports.report(facts, reports.HEALTHY_CHECKS))


def test_where_checks_were_not_asked_for_several_reasons_the_commonest_is_called_that() -> None:
    needs = (("log",), ("log",), ("profile",))
    checks = [reports.check(f"TF01{number}", f"slug-{number}", needs=each) for number, each in enumerate(needs)]
    assert "3 not asked (mostly: no log was given)" in shown(reports.report(reports.HEALTHY_FACTS, checks))
    assert "2 not asked (no log was given)" in shown(reports.report(reports.HEALTHY_FACTS, checks[:2]))


def test_a_crashed_collector_is_never_healthy() -> None:
    facts = replace(reports.HEALTHY_FACTS, power=None, unknown={"power": Unknown("it fell over", UnknownKind.CRASHED)})
    text = shown(reports.report(facts, reports.HEALTHY_CHECKS))
    assert text.startswith("? I don't know: it fell over.")


def test_where_a_command_can_mend_it_the_verb_that_does_is_named() -> None:
    change = Change(action=Action.INSTALL, requirements=("numpy<2",))
    step = run("Install NumPy.", ("pip", "install", "numpy<2"), reversible=True, change=change)
    finding = Finding(level=Level.ERROR, message="It is.", remedy=Remedy(summary="Install it.", steps=(step,)))
    checks = [reports.check("PKG006", "numpy", findings=(finding,))]
    made, registry = reports.report(_in_a_virtual_environment(reports.BROKEN_FACTS), checks)
    hint = "m1doctor fix does what of this a command can do: it asks, and keeps a backup.\n"
    assert hint in shown((made, registry))
    assert hint not in shown((replace(made, replay_of="2026-11-23T12:00:00Z"), registry))
    assert hint not in shown(reports.broken())
    refused = shown(reports.report(reports.BROKEN_FACTS, checks))
    assert hint not in refused
    assert "m1doctor fix leaves this alone: " in refused


def _in_a_virtual_environment(facts: Facts) -> Facts:
    environment = VirtualEnvironment(path="/Users/me/My Projects/vision/.venv", home="/opt/python", home_exists=True)
    assert facts.interpreter is not None
    return replace(facts, interpreter=replace(facts.interpreter, virtual_environment=environment))
