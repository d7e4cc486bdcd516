from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import uv

from environments.package_index import PackageIndex
from environments.small import Small
from killing import killed_at
from m1doctor.collect.world import LiveWorld
from m1doctor.errors import UnfinishedError
from m1doctor.model.repair import RepairPlan
from m1doctor.setup.installer import InstallerError, Uv
from m1doctor.setup.journal import Event, Journal
from m1doctor.setup.mend import CannotChangeError, Mended, check_changeable, mend, preview
from m1doctor.setup.repair import plan_repair
from m1doctor.setup.undo import CannotUndoError, Found, recover, undo


def quiet(words: str) -> None:
    del words


def no_lock(path: Path) -> None:
    del path


def plan_for(environment: Small) -> RepairPlan:
    return plan_repair(environment.diagnose(), own_prefix="/nowhere")


def repair(environment: Small, journal: Journal, tell: Callable[[str], None] = quiet, **more: object) -> Mended:
    world = LiveWorld(environ=environment.environ)
    before = environment.diagnose()
    plan = plan_repair(before, own_prefix="/nowhere")
    installer = Uv(uv.find_uv_bin(), world, environment.python)
    seen = preview(installer, plan, before.facts)
    check_changeable(world, plan, before.facts, seen, journal)
    wanted = {"diagnose": environment.diagnose, "write_lock": no_lock, "tell": tell} | more
    return mend(world, plan, before, seen, uv=installer, journal=journal, **wanted)


def damage_by_a_missing_file(environment: Small) -> None:
    (environment.site / "alpha" / "v1.py").unlink()


def damage_by_writing_through_to_the_cache(environment: Small) -> None:
    """As an editor does that writes in place: on Linux the file of uv's cache is this very file."""
    with (environment.site / "alpha" / "v1.py").open("r+b") as file:
        file.write(b"damaged")
        file.truncate()


def damage_by_a_conflict(environment: Small) -> None:
    environment.install("--no-deps", "alpha==2.0")


def damage_by_a_missing_package(environment: Small) -> None:
    environment.uv("pip", "uninstall", "--quiet", "--python", environment.python, "alpha")


DAMAGES = [
    damage_by_a_missing_file,
    damage_by_writing_through_to_the_cache,
    damage_by_a_conflict,
    damage_by_a_missing_package,
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_environment_is_mended_and_taken_back_to_the_very_damage(
    environment: Small, journal: Journal, damage: Callable[[Small], None]
) -> None:
    healthy = environment.versions()
    damage(environment)
    damaged = environment.contents()
    ended = repair(environment, journal)
    assert ended.kept, (ended.failure, ended.judgement)
    assert environment.versions() == healthy
    assert environment.diagnose().verdict.causes == ()
    assert (environment.site / "alpha" / "v1.py").read_text() == "x = 1\n" * 100
    undo(LiveWorld(), journal, ended.transaction, quiet)
    assert environment.contents() == damaged
    assert not journal.backup_folder(ended.transaction).exists()
    assert journal.find(ended.transaction.id).events[-1] is Event.UNDONE


def test_what_others_have_done_since_stays_when_a_repair_is_taken_back(environment: Small, journal: Journal) -> None:
    damage_by_a_missing_package(environment)
    ended = repair(environment, journal)
    own = environment.site / "own.py"
    own.write_text("mine\n")
    undo(LiveWorld(), journal, ended.transaction, quiet)
    assert own.read_text() == "mine\n"
    assert "alpha" not in environment.versions()


def test_a_repair_that_somebody_has_built_on_is_not_taken_back(environment: Small, journal: Journal) -> None:
    damage_by_a_missing_package(environment)
    ended = repair(environment, journal)
    damage_by_a_conflict(environment)
    before = environment.contents()
    with pytest.raises(CannotUndoError, match="changed since"):
        undo(LiveWorld(), journal, ended.transaction, quiet)
    assert environment.contents() == before


def test_a_repair_that_does_not_help_is_rolled_back(environment: Small, journal: Journal) -> None:
    damage_by_a_conflict(environment)
    damaged = environment.contents()
    still = environment.diagnose()
    ended = repair(environment, journal, diagnose=lambda: still)
    assert not ended.kept
    assert ended.judgement is not None
    assert ended.judgement.left == ("PKG003",)
    assert environment.contents() == damaged


def test_a_step_that_fails_leaves_the_environment_as_it_was(
    environment: Small, journal: Journal, index: PackageIndex
) -> None:
    damage_by_a_missing_file(environment)
    damaged = environment.contents()

    def fail_later(words: str) -> None:
        if words.startswith("Lay every file"):
            index.status = 500
            Path(environment.environ["UV_CACHE_DIR"]).rename(Path(environment.environ["UV_CACHE_DIR"] + ".gone"))

    ended = repair(environment, journal, fail_later)
    assert not ended.kept
    assert "500" in (ended.failure or "")
    assert environment.contents() == damaged


def test_an_index_that_does_not_answer_is_told_before_anything_is_done(
    environment: Small, journal: Journal, index: PackageIndex
) -> None:
    damage_by_a_missing_package(environment)
    index.status = 503
    with pytest.raises(InstallerError, match="503"):
        repair(environment, journal)
    assert journal.transactions() == []


def test_what_is_not_the_users_to_write_is_told_before_anything_is_done(environment: Small, journal: Journal) -> None:
    damage_by_a_missing_package(environment)

    class OfAnother(LiveWorld):
        def may_write(self, path: Path) -> bool:
            return path != environment.site

    before = environment.diagnose()
    plan = plan_for(environment)
    world = OfAnother(environ=environment.environ)
    seen = preview(Uv(uv.find_uv_bin(), world, environment.python), plan, before.facts)
    with pytest.raises(CannotChangeError, match=r"site-packages is not yours to write; nothing was changed$"):
        check_changeable(world, plan, before.facts, seen, journal)


def test_a_full_disk_is_told_before_anything_is_done(environment: Small, journal: Journal) -> None:
    damage_by_a_missing_package(environment)

    class FullDisk(LiveWorld):
        def free_bytes(self, path: Path) -> tuple[int, int] | None:
            return (10**12, 10**6) if path else None

    before = environment.diagnose()
    plan = plan_for(environment)
    world = FullDisk(environ=environment.environ)
    seen = preview(Uv(uv.find_uv_bin(), world, environment.python), plan, before.facts)
    with pytest.raises(CannotChangeError, match="GB free"):
        check_changeable(world, plan, before.facts, seen, journal)


def test_a_repair_that_is_killed_at_any_step_leaves_the_old_state_to_the_next_run(
    environment: Small, journal: Journal
) -> None:
    damage_by_a_conflict(environment)
    damaged = environment.contents()
    killed = 0
    while killed_at(killed, lambda tell: repair(environment, journal, tell)):
        killed += 1
        interrupted = journal.interrupted(environment.folder)
        assert interrupted is not None
        # The restoring itself is killed at each of its steps, too.
        step = 0
        while killed_at(
            step, lambda tell: recover(LiveWorld(), journal, journal.interrupted(environment.folder), tell)
        ):
            step += 1
        assert environment.contents() == damaged
        assert journal.interrupted(environment.folder) is None
        assert not journal.backup_folder(interrupted).exists()
    assert killed == 5  # list, back up, install, examine, keep
    assert environment.versions()["alpha"] == "1.0"


def test_an_undo_that_is_killed_is_finished_by_the_next_run(environment: Small, journal: Journal) -> None:
    damage_by_a_conflict(environment)
    damaged = environment.contents()
    ended = repair(environment, journal)
    assert killed_at(3, lambda tell: undo(LiveWorld(), journal, ended.transaction, tell))
    interrupted = journal.interrupted(environment.folder)
    assert interrupted is not None
    assert recover(LiveWorld(), journal, interrupted, quiet) is Found.OLD
    assert environment.contents() == damaged


def test_an_installer_that_outlived_its_m1doctor_is_waited_for(
    environment: Small, journal: Journal, index: PackageIndex
) -> None:
    """uv goes on by itself when the m1doctor that started it is killed."""
    damage_by_a_conflict(environment)
    damaged = environment.contents()
    slow = Small(environment.folder, {**environment.environ, "UV_HTTP_TIMEOUT": "4"})
    process = os.fork()
    if process == 0:

        def hang_at_the_install(words: str) -> None:
            if words.startswith("Install"):
                shutil.rmtree(environment.environ["UV_CACHE_DIR"])

        try:
            repair(slow, journal, hang_at_the_install)
        finally:
            os._exit(0)
    # The child's index is a copy that nobody serves from: this process hangs it when the journal has come so far.
    while (begun := journal.interrupted(environment.folder)) is None or begun.step is None:
        time.sleep(0.01)
    index.hang = True
    time.sleep(1.0)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    with pytest.raises(UnfinishedError, match="an installer is still changing"):
        recover(LiveWorld(), journal, begun, quiet, wait_seconds=0.2)
    assert recover(LiveWorld(), journal, begun, quiet) is Found.OLD
    assert environment.contents() == damaged
