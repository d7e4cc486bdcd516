"""LOCK006 locked-files-changed."""

from __future__ import annotations

from environments.verdicts import result_of
from locked import facts, installed, lock, pin
from m1doctor.checks.lock.lock006_locked_files_changed import CHECK
from m1doctor.model.given_lock import Manager
from m1doctor.model.packages import DamagedFile, FileFault
from m1doctor.model.report import SkipKind, Status

GONE = DamagedFile(
    distribution="tensorflow-metal 1.2.0",
    path="tensorflow-plugins/libmetal_plugin.dylib",
    fault=FileFault.MISSING,
)
DAMAGE = {"damaged": (GONE,), "damaged_counts": {"tensorflow-metal 1.2.0": 1}}


def test_a_deleted_file_of_a_locked_package_is_an_error() -> None:
    given = lock(pin("tensorflow-metal", "1.2.0"))
    (finding,) = result_of(CHECK, facts(given, installed("tensorflow-metal", "1.2.0"), **DAMAGE)).findings
    assert finding.message == "1 file of tensorflow-metal 1.2.0 is not what was installed."
    assert finding.evidence == ("missing: tensorflow-plugins/libmetal_plugin.dylib",)


def test_what_is_not_locked_or_locked_in_another_version_is_for_others_to_tell() -> None:
    there = installed("tensorflow-metal", "1.2.0")
    for given in (lock(pin("numpy", "1")), lock(pin("tensorflow-metal", "1.1.0"))):
        assert result_of(CHECK, facts(given, there, **DAMAGE)).status is Status.PASS


def test_changed_files_of_conda_are_told() -> None:
    changed = DamagedFile(distribution="python 3.12.4", path="bin/python3.12", fault=FileFault.HASH)
    given = lock(pin("python", "3.12.4", manager=Manager.CONDA))
    (finding,) = result_of(CHECK, facts(given, conda_damaged=(changed,))).findings
    assert finding.evidence == ("hash: bin/python3.12",)


def test_without_a_lock_it_is_not_asked() -> None:
    assert result_of(CHECK, facts(None, **DAMAGE)).skip is SkipKind.NOT_ASKED
