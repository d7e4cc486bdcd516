from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import reports
from m1doctor.checks.registry import Registry, built_in_checks
from m1doctor.checks.selection import choose
from m1doctor.diagnosis import make_report
from m1doctor.model.finding import Finding, Level
from m1doctor.model.interpreter import CondaEnvironment, Interpreter, Vendor, VirtualEnvironment
from m1doctor.model.names import distribution_name
from m1doctor.model.packages import CondaPackage, Packages
from m1doctor.model.remedy import Action, Change, Remedy, Step, StepKind, manual, run
from m1doctor.model.repair import Operation, RepairPlan
from m1doctor.model.report import Report, Target, TargetKind
from m1doctor.setup.repair import judge_repair, plan_repair
from machines import loading

VENV = "/Users/me/tf/.venv"
INTERPRETER = Interpreter(
    executable=f"{VENV}/bin/python",
    prefix=VENV,
    version="3.11.7",
    system="Darwin",
    machine="arm64",
    virtual_environment=VirtualEnvironment(path=VENV, home="/opt", home_exists=True),
)
OURS = "/Users/me/.local/share/uv/tools/m1doctor"


def change(action: Action, *requirements: str) -> Step:
    return run(
        "Do it.", ("do", *requirements), reversible=True, change=Change(action=action, requirements=requirements)
    )


def finding(*steps: Step, level: Level = Level.ERROR, message: str = "It is broken.") -> Finding:
    return Finding(level=level, message=message, remedy=Remedy(summary="Mend it.", steps=steps))


def report(*found: tuple[str, Finding], interpreter: Interpreter = INTERPRETER, **more: object) -> Report:
    ids = dict.fromkeys(name for name, _ in found)
    checks = [
        reports.check(name, name.lower(), findings=tuple(each for other, each in found if other == name))
        for name in ids
    ]
    checks += [reports.check(name, name.lower()) for name in {"ZZZ001"} - ids.keys()]
    facts = replace(reports.BROKEN_FACTS, interpreter=interpreter, unknown={}, **more)
    return reports.report(facts, checks)[0]


def plan(*found: tuple[str, Finding], **more: object) -> RepairPlan:
    return plan_repair(report(*found, **more), own_prefix=OURS)


def test_changes_of_one_kind_become_one_operation_and_removals_come_first() -> None:
    made = plan(
        ("AAA001", finding(change(Action.INSTALL, "numpy<2"))),
        ("AAA002", finding(change(Action.UNINSTALL, "tensorflow-macos"), change(Action.INSTALL, "tensorflow==2.18.1"))),
        ("AAA003", finding(change(Action.REINSTALL, "h5py==3.11.0"))),
        ("AAA004", finding(change(Action.INSTALL, "numpy<2"), message="In other words.")),
    )
    assert made.operations == (
        Operation(action=Action.UNINSTALL, requirements=("tensorflow-macos",), causes=("AAA002",)),
        Operation(action=Action.REINSTALL, requirements=("h5py==3.11.0",), causes=("AAA003",)),
        Operation(
            action=Action.INSTALL, requirements=("numpy<2", "tensorflow==2.18.1"), causes=("AAA001", "AAA002", "AAA004")
        ),
    )
    assert [aim.id for aim in made.aims] == ["AAA001", "AAA002", "AAA003", "AAA004"]
    assert made.by_hand == ()


def test_nothing_is_done_behind_a_step_that_only_a_person_can_take() -> None:
    steps = (manual("Delete the folder first."), change(Action.INSTALL, "tensorflow"))
    made = plan(("AAA001", finding(*steps)))
    assert made.empty
    assert made.aims == ()
    assert made.by_hand[0].steps == steps


def test_a_manual_step_that_comes_after_is_told_and_the_change_is_made() -> None:
    made = plan(("AAA001", finding(change(Action.INSTALL, "tensorflow"), manual("Restart the kernel."))))
    assert [operation.text for operation in made.operations] == ["Install tensorflow."]
    assert [step.text for step in made.by_hand[0].steps] == ["Restart the kernel."]


def test_a_command_that_changes_no_packages_is_left_to_a_person() -> None:
    step = run("Install the tools.", ("xcode-select", "--install"), reversible=False)
    made = plan(("AAA001", finding(step)))
    assert made.empty
    assert made.by_hand[0].steps == (step,)


def test_a_note_is_no_reason_to_change_anything() -> None:
    assert plan(("AAA001", finding(change(Action.INSTALL, "tensorflow"), level=Level.NOTE))).empty


def test_only_what_was_asked_for_is_planned() -> None:
    found = [(name, finding(change(Action.INSTALL, name.lower()))) for name in ("AAA001", "AAA002")]
    made = plan_repair(report(*found), own_prefix=OURS, only={"AAA002"}.__contains__)
    assert made.operations == (Operation(action=Action.INSTALL, requirements=("aaa002",), causes=("AAA002",)),)


def test_an_environment_of_the_wrong_architecture_is_rebuilt_beside_and_never_patched() -> None:
    rebuild = Change(action=Action.REBUILD, folder=f"{VENV}-native", python="3.11")
    steps = (run("Make it.", ("uv", "venv"), reversible=True, change=rebuild), manual("Move over."))
    made = plan(("AAA001", finding(*steps)), ("AAA002", finding(change(Action.INSTALL, "numpy<2"))))
    assert made.rebuild == rebuild
    assert made.operations == ()
    assert made.refusal is None
    assert [step.text for each in made.by_hand for step in each.steps] == ["Move over."]


def test_what_conda_has_installed_is_not_changed_behind_its_back() -> None:
    of_conda = replace(reports.distribution("numpy", "2.3.1"), installer="conda")
    step = change(Action.INSTALL, "NumPy<2")
    made = plan(("AAA001", finding(step)), packages=Packages(distributions=(of_conda,)))
    assert made.empty
    assert made.by_hand[0].why == "numpy was installed by conda, and pip or uv would leave two owners behind"


CONDA = CondaEnvironment(prefix="/Users/me/miniforge3", subdir="osx-arm64")


@pytest.mark.parametrize(
    ("interpreter", "packages", "words"),
    [
        (replace(INTERPRETER, virtual_environment=None, externally_managed=True), (), "belongs to its vendor"),
        (replace(INTERPRETER, virtual_environment=None, vendor=Vendor.SYSTEM), (), "belongs to its vendor"),
        (replace(INTERPRETER, virtual_environment=None, vendor=Vendor.PYTHON_ORG), (), "is a Python itself"),
        (replace(INTERPRETER, virtual_environment=None, conda=CONDA), ("conda", "python"), "is the base of conda"),
        (replace(INTERPRETER, prefix=OURS), (), "m1doctor runs from this environment"),
        (replace(INTERPRETER, executable=None), (), "a folder of packages without its Python"),
    ],
)
def test_environments_that_are_not_ours_are_refused(
    interpreter: Interpreter, packages: tuple[str, ...], words: str
) -> None:
    conda = tuple(CondaPackage(name=name, version="1", build="0", channel=None, subdir=None) for name in packages)
    step = change(Action.INSTALL, "numpy<2")
    made = plan(("AAA001", finding(step)), interpreter=interpreter, packages=Packages(conda_packages=conda))
    assert made.empty
    assert words in (made.refusal or "")


def test_an_environment_of_conda_that_is_not_its_base_is_repaired() -> None:
    interpreter = replace(INTERPRETER, virtual_environment=None, conda=CONDA)
    step = change(Action.INSTALL, "numpy<2")
    assert plan(("AAA001", finding(step)), interpreter=interpreter, packages=Packages()).refusal is None


@pytest.mark.parametrize("name", loading.names())
def test_the_plan_of_every_machine_changes_only_what_a_person_made(name: str, tmp_path: Path) -> None:
    facts = loading.load(name, tmp_path).facts()
    registry = Registry(built_in_checks())
    target = Target(kind=TargetKind.PYTHON, path="/somewhere/bin/python", why="--python")
    made = plan_repair(make_report(facts, target, registry, choose(registry)), own_prefix=OURS)
    if made.operations and made.refusal is None:
        assert facts.interpreter is not None
        assert facts.interpreter.virtual_environment or facts.interpreter.conda
        assert facts.interpreter.translated is not True
        assert made.aims
    for each in made.by_hand:
        assert all(step.kind is StepKind.MANUAL or step.argv for step in each.steps)


def test_a_requirement_is_about_the_name_that_it_begins_with() -> None:
    assert distribution_name("Keras>=3,<4") == "keras"
    assert distribution_name("tensorflow_metal==1.2.0") == "tensorflow-metal"
    assert distribution_name("ml.dtypes ~= 0.5") == "ml-dtypes"


BROKEN = finding(change(Action.INSTALL, "numpy<2"))


def test_a_repair_is_better_when_its_aim_is_gone_and_nothing_new_fails() -> None:
    before = report(("AAA001", BROKEN))
    judged = judge_repair(before, reports.healthy()[0], plan(("AAA001", BROKEN)).aims)
    assert judged.better
    assert judged.mended == ("AAA001",)


def test_a_repair_that_leaves_its_aim_is_not_better() -> None:
    before = report(("AAA001", BROKEN))
    judged = judge_repair(before, before, plan(("AAA001", BROKEN)).aims)
    assert not judged.better
    assert judged.left == ("AAA001",)


def test_a_repair_that_breaks_something_that_was_well_is_not_better() -> None:
    before = report(("AAA001", BROKEN))
    after = report(("ZZZ001", finding(message="It broke.")))
    judged = judge_repair(before, after, plan(("AAA001", BROKEN)).aims)
    assert not judged.better
    assert judged.harmed == ("ZZZ001: It broke.",)


def test_one_more_finding_of_a_check_that_failed_before_is_a_harm() -> None:
    other = finding(message="Another is broken.")
    before = report(("AAA001", BROKEN), ("AAA002", finding(message="One conflict.")))
    after = report(("AAA002", finding(message="One conflict.")), ("AAA002", other))
    judged = judge_repair(before, after, plan(("AAA001", BROKEN)).aims)
    assert judged.harmed == ("AAA002: Another is broken.",)


def test_what_could_not_be_judged_before_is_uncovered_and_no_harm() -> None:
    before = report(("AAA001", BROKEN))
    after = report(("AAA009", finding(message="Behind it.")))
    judged = judge_repair(before, after, plan(("AAA001", BROKEN)).aims)
    assert judged.better
    assert judged.uncovered == ("AAA009",)


def test_a_manual_step_cannot_carry_a_change() -> None:
    with pytest.raises(ValueError, match="manual step with the change"):
        Step(kind=StepKind.MANUAL, text="Do it.", change=Change(action=Action.INSTALL))
