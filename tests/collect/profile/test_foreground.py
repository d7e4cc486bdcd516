"""A script in the foreground: its streams, its endings, its Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from m1doctor.collect.profile.foreground import Foreground, StartError, is_alive, wait_for_end


def started(code: str, errors: int, heard: bytearray | None = None) -> Foreground:
    listen = heard.extend if heard is not None else bytearray().extend
    return Foreground((sys.executable, "-c", code), os.environ, listen, errors)


@pytest.fixture
def errors(tmp_path: Path) -> Iterator[int]:
    with (tmp_path / "errors").open("wb") as file:
        yield file.fileno()


def test_its_exit_status_is_told(errors: int) -> None:
    script = started("raise SystemExit(7)", errors)
    with script.in_front():
        assert script.wait(20)
    assert script.returncode == 7


def test_the_signal_that_ended_it_is_told(errors: int) -> None:
    script = started("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", errors)
    with script.in_front():
        assert script.wait(20)
    assert script.returncode == -signal.SIGKILL


def test_its_standard_error_is_heard_and_passed_on_unchanged(errors: int, tmp_path: Path) -> None:
    heard = bytearray()
    script = started(r"import os; os.write(2, b'\xff first\r second\n' * 20000)", errors, heard)
    with script.in_front():
        assert script.wait(20)
    assert bytes(heard) == b"\xff first\r second\n" * 20000 == (tmp_path / "errors").read_bytes()


def test_ctrl_c_belongs_to_the_script_and_is_noted(errors: int) -> None:
    code = (
        "import time\n"
        "try:\n    print('ready', flush=True); time.sleep(30)\n"
        "except KeyboardInterrupt:\n    raise SystemExit(5)"
    )
    script = started(code, errors)
    with script.in_front():
        threading.Timer(1.0, lambda: (script.stop(), os.kill(os.getpid(), signal.SIGINT))).start()
        while not script.wait(0.1):
            pass
    assert script.returncode == 5
    assert script.interrupted


def test_other_endings_are_handed_on(errors: int) -> None:
    script = started("import time; time.sleep(30)", errors)
    with script.in_front():
        threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGTERM)).start()
        while not script.wait(0.1):
            pass
    assert script.returncode == -signal.SIGTERM


def test_what_cannot_be_started_is_named() -> None:
    with pytest.raises(StartError, match="cannot start /nowhere/python: No such file"):
        Foreground(("/nowhere/python",), os.environ, bytearray().extend)


def test_a_process_that_is_gone_is_not_alive(errors: int) -> None:
    script = started("pass", errors)
    with script.in_front():
        assert script.wait(20)
    assert not is_alive(script.pid)
    assert wait_for_end(script.pid, 1.0)
    assert is_alive(os.getpid())
