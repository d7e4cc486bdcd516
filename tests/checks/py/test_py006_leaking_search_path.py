"""PY006: something stands in front of the environment's own packages."""

from __future__ import annotations

from interpreters import facts, interpreter
from judged import judged
from m1doctor.checks.py.py006_leaking_search_path import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.interpreter import SearchPathLeak, Shadow
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.unknown import not_asked

USER = "/Users/someone/.local/lib/python3.11/site-packages"


def leaking(source: str, folder: str, *shadows: Shadow) -> Facts:
    found = interpreter(leaks=(SearchPathLeak(source=source, folder=folder, shadows=shadows),))
    return facts(found, "tensorflow 2.18.1", "numpy 1.26.4")


def test_another_numpy_in_front_is_a_warning_with_both_versions() -> None:
    result = judged(CHECK, leaking("user site", USER, Shadow(name="numpy", front="2.1.0", behind="1.26.4")))
    assert result.status is Status.WARNING
    assert "numpy 2.1.0 hides 1.26.4" in result.summary
    assert f"numpy 2.1.0 in {USER} hides numpy 1.26.4" in result.findings[0].evidence


def test_what_tensorflow_does_not_need_is_only_a_remark() -> None:
    result = judged(CHECK, leaking("user site", USER, Shadow(name="black", front="24.1", behind="23.0")))
    assert result.status is Status.NOTE
    assert "nothing that TensorFlow needs" in result.summary


def test_a_module_on_pythonpath_and_a_stale_plugin_are_warnings() -> None:
    module = leaking("PYTHONPATH", "/srv/src", Shadow(name="numpy", front=None, behind=None))
    assert judged(CHECK, module).status is Status.WARNING
    plugin = leaking("user site", USER, Shadow(name="tensorflow-plugins", front=None, behind=None))
    result = judged(CHECK, plugin)
    assert result.status is Status.WARNING
    assert "loads every library in it" in str(result.findings[0].evidence)


def test_a_folder_that_hides_nothing_is_no_finding() -> None:
    assert judged(CHECK, leaking("PYTHONPATH", "/srv/src")).status is Status.PASS
    assert judged(CHECK, facts()).status is Status.PASS


def test_pythonhome_is_a_warning_by_itself() -> None:
    assert "PYTHONHOME is set to /opt/other" in judged(CHECK, leaking("PYTHONHOME", "/opt/other")).summary


def test_a_pth_file_is_named_in_the_remedy() -> None:
    shadow = Shadow(name="numpy", front="1.0", behind="1.26.4")
    (finding,) = judged(CHECK, leaking("/site/old.pth", "/srv", shadow)).findings
    assert finding.remedy is not None
    assert "/site/old.pth" in finding.remedy.steps[0].text


def test_unknown_leaks_are_not_a_pass() -> None:
    folder = interpreter(leaks=None, unknown={"leaks": not_asked("a folder was examined")})
    assert judged(CHECK, facts(folder)).skip is SkipKind.NOT_ASKED
