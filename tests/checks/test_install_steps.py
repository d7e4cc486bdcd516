from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from environments.site_folder import facts_of, lay_down
from m1doctor.checks.install_steps import install, tensorflow_requirements, uninstall
from m1doctor.model.facts import Facts
from m1doctor.model.remedy import StepKind


def test_pip_of_the_target_is_run_by_the_targets_python(tmp_path: Path) -> None:
    lay_down(tmp_path, "pip", "26.0")
    step = install(facts_of(tmp_path), "Install.", "numpy<2", again=True)
    assert step.argv == ("/env/bin/python", "-m", "pip", "install", "--force-reinstall", "--no-deps", "numpy<2")


def test_uv_serves_an_environment_without_pip(tmp_path: Path) -> None:
    lay_down(tmp_path, "six", "1.17.0", installer="uv")
    facts = facts_of(tmp_path)
    assert install(facts, "Install.", "six").argv == ("uv", "pip", "install", "--python", "/env/bin/python", "six")
    assert uninstall(facts, "Remove.", "six").argv == ("uv", "pip", "uninstall", "--python", "/env/bin/python", "six")


def test_a_folder_without_its_interpreter_gets_words_and_no_command(tmp_path: Path) -> None:
    facts = facts_of(tmp_path)
    assert facts.interpreter is not None
    without = replace(facts, interpreter=replace(facts.interpreter, executable=None))
    assert install(without, "Install.", "six").kind is StepKind.MANUAL
    assert uninstall(without, "Remove.", "six").kind is StepKind.MANUAL


def test_apple_silicon_gets_a_pair_and_others_the_plain_name(tmp_path: Path) -> None:
    tensorflow, plugin = tensorflow_requirements(facts_of(tmp_path))
    assert tensorflow.startswith("tensorflow==2.")
    assert plugin.startswith("tensorflow-metal==1.")
    assert tensorflow_requirements(Facts()) == ("tensorflow",)


def test_a_python_that_its_vendor_keeps_to_itself_gets_an_environment_and_no_command(tmp_path: Path) -> None:
    facts = facts_of(tmp_path)
    assert facts.interpreter is not None
    kept = replace(facts, interpreter=replace(facts.interpreter, externally_managed=True))
    step = install(kept, "Install.", "six")
    assert step.kind is StepKind.MANUAL
    assert "/env/bin/python -m venv .venv" in step.text
    assert uninstall(kept, "Remove.", "six").kind is StepKind.MANUAL
