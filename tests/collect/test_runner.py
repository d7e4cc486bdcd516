"""The only place that starts a process: limits, groups, floods and the private report."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import pytest

from m1doctor.collect.recorded import RecordedWorld
from m1doctor.collect.runner import KEEP_BYTES, REPORT_BYTES, SystemRunner
from m1doctor.collect.world import Uname
from m1doctor.model.reading import Reading


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


@pytest.fixture
def runner() -> SystemRunner:
    return SystemRunner({"PATH": "/usr/bin:/bin"})


def test_both_streams_and_the_status_are_kept(runner: SystemRunner) -> None:
    reading = runner.run(python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"), timeout=20)
    assert (reading.returncode, reading.stdout, reading.stderr) == (3, "out\n", "err\n")
    assert not reading.timed_out


def test_a_command_gets_no_standard_input(runner: SystemRunner) -> None:
    assert runner.run(("cat",), timeout=5).stdout == ""


def test_a_missing_command_is_a_reading_with_the_systems_words(runner: SystemRunner) -> None:
    assert runner.run(("/no/such/command",)).error == "No such file or directory"


def test_a_nul_in_an_argument_is_a_reading_too(runner: SystemRunner) -> None:
    assert runner.run(("echo", "a\0b")).error == "embedded null byte"


def test_a_death_by_signal_is_not_a_status(runner: SystemRunner) -> None:
    reading = runner.run(("sh", "-c", "kill -TERM $$"))
    assert (reading.returncode, reading.signal, reading.timed_out) == (None, 15, False)


def test_the_limit_ends_the_whole_group(runner: SystemRunner, tmp_path: Path) -> None:
    reading = runner.run(("sh", "-c", f"(sleep 3; touch {tmp_path}/late) & sleep 60"), timeout=0.5)
    assert reading.timed_out
    assert reading.signal == 9
    time.sleep(3)
    assert not (tmp_path / "late").exists()


def test_a_grandchild_that_holds_the_streams_keeps_nobody_waiting(runner: SystemRunner) -> None:
    start = time.monotonic()
    assert runner.run(("sh", "-c", "sleep 60 & echo done"), timeout=20).stdout == "done\n"
    assert time.monotonic() - start < 10


def test_a_flood_keeps_its_head_and_its_tail(runner: SystemRunner) -> None:
    reading = runner.run(python("print('first'); print('x' * 9_000_000); print('last')"), timeout=20)
    assert reading.stdout.startswith("first\n")
    assert reading.stdout.endswith("last\n")
    assert "bytes dropped]" in reading.stdout
    assert len(reading.stdout) < 2 * KEEP_BYTES + 100


WRITE = "import sys, time\nwith open(sys.argv[-1], 'a') as f:\n    "


def test_lines_of_the_report_are_handed_on_while_the_command_runs(runner: SystemRunner) -> None:
    arrived: list[tuple[float, str]] = []
    code = WRITE + "print('one', file=f, flush=True); time.sleep(1.5); print('two', file=f)"
    reading = runner.run(python(code), timeout=20, report=lambda line: arrived.append((time.monotonic(), line)))
    assert [line for _, line in arrived] == ["one", "two"]
    assert arrived[1][0] - arrived[0][0] > 0.5
    assert reading.report == "one\ntwo\n"


def test_the_path_of_the_report_is_no_part_of_the_reading(runner: SystemRunner) -> None:
    command = python("import sys, os\nprint(oct(os.stat(sys.argv[-1]).st_mode & 0o777), sys.argv[-1])")
    reading = runner.run(command, timeout=20, report=print)
    assert reading.argv == command
    mode, path = reading.stdout.split()
    assert mode == "0o600"
    assert not Path(path).exists()
    assert not Path(path).parent.exists()


def test_a_last_line_without_an_end_and_broken_text_are_handed_on(runner: SystemRunner) -> None:
    code = "import sys\nopen(sys.argv[-1], 'wb').write(b'whole\\n\\xff half')"
    lines: list[str] = []
    runner.run(python(code), timeout=20, report=lines.append)
    assert lines == ["whole", "\ufffd half"]


def test_a_flooded_report_is_read_up_to_its_bound(runner: SystemRunner) -> None:
    code = f"import sys\nopen(sys.argv[-1], 'w').write('x' * {REPORT_BYTES * 3})"
    assert len(runner.run(python(code), timeout=20, report=print).report) == REPORT_BYTES


def test_a_command_with_a_report_is_asked_for_a_last_word(runner: SystemRunner) -> None:
    code = (
        "import signal, sys, time\nf = open(sys.argv[-1], 'a')\n"
        "signal.signal(signal.SIGUSR2, lambda *_: print('here', file=f, flush=True))\n"
        "print('begun', file=f, flush=True)\nwhile True: time.sleep(1)\n"
    )
    reading = runner.run(python(code), timeout=3.0, report=print)
    assert reading.timed_out
    assert reading.report == "begun\nhere\n"


def test_a_listener_that_fails_takes_the_command_along(runner: SystemRunner, tmp_path: Path) -> None:
    def fail(line: str) -> None:
        raise ValueError(line)

    code = WRITE + f"print('x', file=f, flush=True); time.sleep(2); open({str(tmp_path / 'late')!r}, 'w')"
    with pytest.raises(ValueError, match="x"):
        runner.run(python(code), timeout=20, report=fail)
    time.sleep(2.5)
    assert not (tmp_path / "late").exists()


def test_the_end_reaches_every_thread_and_is_final(runner: SystemRunner) -> None:
    readings: list[Reading] = []
    threads = [
        threading.Thread(target=lambda: readings.append(runner.run(("sleep", "60"), timeout=60))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    runner.end()
    for thread in threads:
        thread.join(5.0)
    assert [reading.signal for reading in readings] == [9, 9, 9]
    assert runner.run(("echo", "no")).error == "m1doctor is ending"


def test_a_recording_replays_its_report(tmp_path: Path) -> None:
    reading = Reading(argv=("python",), returncode=0, report="one\ntwo\n")
    world = RecordedWorld(uname=Uname("Darwin", "", "", "arm64"), root=tmp_path, readings=(reading,))
    lines: list[str] = []
    world.run(("python",), report=lines.append)
    world.end()
    assert lines == ["one", "two"]


def test_a_command_that_closes_its_streams_is_still_waited_for(runner: SystemRunner) -> None:
    reading = runner.run(("sh", "-c", "exec >&- 2>&-; sleep 0.3; exit 4"), timeout=20)
    assert reading.returncode == 4
    assert reading.seconds >= 0.3
