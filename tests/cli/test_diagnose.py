from __future__ import annotations

import json
import os
import re
import shlex
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import reports
from environments import real
from m1doctor.documents import from_json, schema, to_json
from m1doctor.support.history import earlier, history_of

Command = Callable[..., Any]


def _start(*arguments: str | Path, environ: dict[str, str] | None = None, **more: Any) -> subprocess.Popen[bytes]:
    """The command in a process of its own."""
    argv = [sys.executable, "-m", "m1doctor", *map(str, arguments)]
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more
    return subprocess.Popen(argv, env={**os.environ, **(environ or {})}, **streams)


def _same(text: str) -> str:
    """A document without what differs between two runs."""
    return re.sub(r'  "(created|replay_of)": "[^"]*",?\n|"seconds": [0-9.e-]+', "", text)


# -- targets


def test_a_folder_is_examined_without_a_machine(m1doctor: Command, packages: Path) -> None:
    document = m1doctor("diagnose", "--site-packages", packages, "--no-lock", "--format", "json").document
    facts = document["facts"]
    for section in ("host", "power", "memory", "runtime", "correctness"):
        assert facts[section] is None
        assert facts["unknown"][section] == {"kind": "not-asked", "reason": "a folder was examined, not a machine"}
    assert [found["name"] for found in facts["packages"]["distributions"]] == ["tensorflow"]
    assert document["target"] == {"kind": "site-packages", "path": str(packages), "why": "--site-packages"}


def test_quick_starts_no_process_of_the_target(m1doctor: Command, tmp_path: Path) -> None:
    environment = tmp_path / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    (site,) = environment.glob("lib/python*/site-packages")
    canary = tmp_path / "it-ran"
    (site / "canary.pth").write_text(f"import pathlib; pathlib.Path({str(canary)!r}).touch()\n")
    python = environment / "bin" / "python"
    document = m1doctor("diagnose", "--python", python, "--quick", "--format", "json").document
    assert document["facts"]["unknown"]["runtime"]["kind"] == "not-asked"
    assert not canary.exists()
    assert "lock" not in document


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--python", "/absent/python"], "--python /absent/python: "),
        (["--site-packages", "/absent"], "--site-packages /absent: "),
        (["--replay", "/absent.json"], "cannot read /absent.json: No such file or directory"),
        (["--replay", "/"], "cannot read /: Is a directory"),
        (["--replay", "x", "--python", "y"], "--python and --replay exclude each other"),
        (["--site-packages", "x", "--python", "y"], "--python and --site-packages exclude each other"),
        (["--write-lock", "x", "--no-lock"], "--write-lock and --no-lock exclude each other"),
        (["--output", "/absent/report.json"], "--output: cannot write /absent/report.json: there is no folder /absent"),
        (["--output", "/"], "--output: cannot write /: is a folder"),
        (["--write-lock", "/absent/r.txt"], "--write-lock: cannot write /absent/r.txt: there is no folder /absent"),
        (["--select", "NOPE"], "--select: there is no check 'NOPE'"),
        (["--select", "TF003,mac03"], "--select: there is no check 'mac03'; did you mean MAC003"),
        (["--ignore", "import-hang"], "--ignore: there is no check 'import-hang'; did you mean import-hangs"),
    ],
)
def test_unreadable_input_is_one_line_and_exit_status_2(m1doctor: Command, arguments: list[str], told: str) -> None:
    answer = m1doctor("diagnose", *arguments)
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith(f"m1doctor: {told}")
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "not JSON"),
        (b"\x00\x01", "not JSON"),
        (b"[" * 200_000, "not JSON"),
        (b'{"schema_version": 99}', "schema_version 99 is newer than 1, the newest this m1doctor reads; update it"),
        (b'{"schema_version": 1, "target": 3}', "not a report of schema_version 1: "),
        (b"PK\x03\x04", "a damaged zip archive"),
    ],
)
def test_a_file_that_is_no_report_is_told_why(m1doctor: Command, tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "saved.json"
    file.write_bytes(content)
    answer = m1doctor("diagnose", "--replay", file)
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith(f"m1doctor: {file}: {told}")
    assert answer.err.count("\n") == 1


# -- documents


@pytest.mark.parametrize("columns", ["40", "80", "200"])
def test_standard_output_is_nothing_but_the_document_at_any_width(
    m1doctor: Command, packages: Path, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    answer = m1doctor("diagnose", "--site-packages", packages, "--no-lock", "--format", "json")
    jsonschema.Draft202012Validator(schema()).validate(answer.document)
    assert to_json(from_json(answer.out)) == answer.out
    assert answer.err == ""


def test_the_same_facts_give_the_same_document(m1doctor: Command, packages: Path, tmp_path: Path) -> None:
    first = m1doctor(
        "diagnose", "--site-packages", packages, "--no-lock", "--format", "json", "--output", tmp_path / "r"
    )
    again = m1doctor("diagnose", "--replay", tmp_path / "r", "--format", "json")
    assert first.out == ""
    assert _same(again.out) == _same((tmp_path / "r").read_text())
    assert again.document["replay_of"] == json.loads((tmp_path / "r").read_text())["created"]
    assert again.status == first.status


def test_a_saved_report_comes_through_a_pipe(saved: Path) -> None:
    with saved.open("rb") as stream:
        process = _start("diagnose", "--replay", "-", "--format", "json", stdin=stream)
        out, err = process.communicate(timeout=60)
    assert err == b""
    assert json.loads(out)["target"]["path"] == reports.PYTHON


def test_a_report_in_a_file_is_plain_text_of_eighty_columns(
    m1doctor: Command, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    m1doctor("diagnose", "--replay", saved, "--output", tmp_path / "r.txt")
    text = (tmp_path / "r.txt").read_text()
    assert "\x1b" not in text
    assert any(len(line) > 60 for line in text.splitlines())


def test_a_report_goes_into_a_device_too(m1doctor: Command, saved: Path) -> None:
    assert m1doctor("diagnose", "--replay", saved, "--output", "/dev/null", "--fail-on", "never").status in (0, 3)
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


# -- choosing


def test_only_the_chosen_checks_are_told(m1doctor: Command, saved: Path) -> None:
    document = m1doctor("diagnose", "--replay", saved, "--format", "json", "--select", "TF003, mac001").document
    assert [result["id"] for result in document["results"]] == ["MAC001", "TF003"]


def test_options_repeat(m1doctor: Command, saved: Path) -> None:
    arguments = ["--select", "TF003", "--select", "MAC001", "--ignore", "not-a-mac"]
    document = m1doctor("diagnose", "--replay", saved, "--format", "json", *arguments).document
    assert [result["id"] for result in document["results"]] == ["TF003"]
    assert document["notes"] == ["MAC001 (not-a-mac) was left out by --ignore"]


def test_the_settings_of_the_project_hold_and_the_command_line_goes_before(m1doctor: Command, saved: Path) -> None:
    Path("m1doctor.toml").write_text('select = ["TF003", "MAC001"]\nignore = { MAC001 = "CI is Linux" }\n')
    document = m1doctor("diagnose", "--replay", saved, "--format", "json").document
    assert [result["id"] for result in document["results"]] == ["TF003"]
    assert document["notes"] == [
        f"MAC001 (not-a-mac) was left out by {Path.cwd() / 'm1doctor.toml'}, ignore: CI is Linux"
    ]
    document = m1doctor("diagnose", "--replay", saved, "--format", "json", "--select", "MAC001").document
    assert [result["id"] for result in document["results"]] == ["MAC001"]


def test_broken_settings_are_exit_status_2_with_file_and_key(m1doctor: Command, saved: Path) -> None:
    Path("m1doctor.toml").write_text('ignore = ["MAC001"]\n')
    answer = m1doctor("diagnose", "--replay", saved)
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith(f"m1doctor: {Path.cwd() / 'm1doctor.toml'}, ignore.MAC001: ")
    Path("m1doctor.toml").write_text('select = ["NOPE"]\n')
    answer = m1doctor("diagnose", "--replay", saved)
    assert answer.status == 2
    assert "m1doctor.toml, select: there is no check 'NOPE'" in answer.err


def test_fail_on_decides_the_exit_status(m1doctor: Command, packages: Path) -> None:
    # The small TensorFlow has no GPU plugin beside it.
    arguments = ["diagnose", "--site-packages", packages, "--no-lock", "--select", "PKG002"]
    assert m1doctor(*arguments).status == 1
    assert m1doctor(*arguments, "--fail-on", "never").status == 0
    Path("m1doctor.toml").write_text('fail-on = "never"\n')
    assert m1doctor(*arguments).status == 0
    assert m1doctor(*arguments, "--fail-on", "note").status == 1


# -- pinned requirements


def test_the_pinned_requirements_go_where_they_are_told(m1doctor: Command, packages: Path) -> None:
    arguments = ["diagnose", "--site-packages", packages, "--offline", "--format", "json", "--write-lock", "r.txt"]
    document = m1doctor(*arguments).document
    assert document["lock"] == {"hashed": False, "packages": 1, "path": "r.txt"}
    assert "tensorflow==2.18.1" in Path("r.txt").read_text()
    assert any("no hashes" in note for note in document["notes"])


def test_otherwise_they_are_kept_with_our_own_state(m1doctor: Command, packages: Path, tmp_path: Path) -> None:
    document = m1doctor("diagnose", "--site-packages", packages, "--offline", "--format", "json").document
    assert Path(document["lock"]["path"]).is_relative_to(tmp_path / "state")
    assert Path(document["lock"]["path"]).read_text()


def test_no_lock_writes_nothing(m1doctor: Command, packages: Path, tmp_path: Path) -> None:
    document = m1doctor("diagnose", "--site-packages", packages, "--no-lock", "--format", "json").document
    assert "lock" not in document
    assert list((tmp_path / "state").rglob("requirements.txt")) == []
    assert list(Path.cwd().iterdir()) == []


# -- streams


def test_a_reader_that_has_gone_is_no_error(saved: Path) -> None:
    process = _start("diagnose", "--replay", saved, "--format", "json", "--verbose")
    with process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode in (0, 1, 3)


def test_a_full_disk_is_exit_status_3_in_one_message(saved: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        process = _start("diagnose", "--replay", saved, stdout=full)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 3
    assert err == b"m1doctor: cannot write to standard output: No space left on device\n"


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("diagnose", "--replay", "-"), 2, "m1doctor: cannot read -: standard input is closed\n"),
        (("log", "-"), 2, "m1doctor: cannot read -: standard input is closed\n"),
        (("log", "/dev/null"), 0, ""),
    ],
)
def test_a_closed_standard_input_matters_only_to_who_reads_it(
    arguments: tuple[str, ...], status: int, words: str
) -> None:
    line = shlex.join([sys.executable, "-m", "m1doctor", *arguments])
    done = subprocess.run(["/bin/sh", "-c", f"{line} <&-"], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (status, words)


def test_a_closed_standard_output_is_exit_status_3_in_one_line(saved: Path) -> None:
    line = shlex.join([sys.executable, "-m", "m1doctor", "diagnose", "--replay", str(saved)])
    done = subprocess.run(["/bin/sh", "-c", f"{line} >&-"], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (3, "m1doctor: cannot write to standard output: it is closed\n")


def test_an_encoding_without_our_marks_is_served(saved: Path) -> None:
    process = _start("diagnose", "--replay", saved, environ={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    out, err = process.communicate(timeout=60)
    assert out.isascii()
    assert err == b""


@pytest.fixture
def slow_python(tmp_path: Path) -> Path:
    """A virtual environment whose TensorFlow never comes to an end of its import."""
    environment = tmp_path / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    (site,) = environment.glob("lib/python*/site-packages")
    (site / "tensorflow").mkdir()
    (site / "tensorflow" / "__init__.py").write_text(
        "import os, pathlib, time\n"
        f"pathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(os.getpid()))\n"
        "time.sleep(600)\n"
    )
    return environment / "bin" / "python"


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_ends_the_children_too(slow_python: Path, tmp_path: Path, number: int, status: int) -> None:
    process = _start("diagnose", "--python", slow_python, "--no-lock", environ={"XDG_STATE_HOME": str(tmp_path)})
    file = tmp_path / "pid"
    for _ in range(600):
        if file.exists() and file.read_text():
            break
        time.sleep(0.05)
    child = int(file.read_text())
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == status
    assert out == b""
    assert b"Traceback" not in err
    for _ in range(100):
        if not Path(f"/proc/{child}").exists():
            break
        time.sleep(0.05)
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_a_hanging_import_is_found_and_the_run_comes_to_its_end(slow_python: Path, tmp_path: Path) -> None:
    arguments = ["--python", slow_python, "--no-lock", "--limit", "3", "--format", "json", "--select", "TF003"]
    process = _start("diagnose", *arguments, environ={"XDG_STATE_HOME": str(tmp_path)})
    out, _ = process.communicate(timeout=120)
    document = json.loads(out)
    assert document["verdict"]["causes"] == ["TF003"]
    assert process.returncode == 1


def test_a_working_folder_that_is_gone_is_told_in_one_line(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    line = f"cd {shlex.quote(str(gone))} && rmdir {shlex.quote(str(gone))} && "
    line += shlex.join([sys.executable, "-m", "m1doctor", "diagnose", "--no-lock"])
    done = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stderr == (
        "m1doctor: the working folder cannot be used: No such file or directory; change to one that exists\n"
    )


# -- history


def test_a_diagnosis_is_kept_and_a_quick_one_or_a_replay_is_not(
    m1doctor: Command, packages: Path, saved: Path, tmp_path: Path
) -> None:
    target = ["diagnose", "--site-packages", packages, "--no-lock"]
    for arguments in ([*target, "--quick"], [*target, "--no-history"], ["diagnose", "--replay", saved]):
        m1doctor(*arguments)
        assert list(earlier(str(packages))) == []
    assert not (tmp_path / "state").exists()
    document = m1doctor(*target, "--format", "json").out
    assert [to_json(report) for report in earlier(str(packages))] == [document]


def test_settings_can_forbid_the_history(m1doctor: Command, packages: Path) -> None:
    Path("m1doctor.toml").write_text("history = false\n")
    m1doctor("diagnose", "--site-packages", packages, "--no-lock")
    assert list(earlier(str(packages))) == []


def test_a_diagnosis_that_cannot_be_kept_says_so_and_is_told_all_the_same(
    m1doctor: Command, packages: Path, tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    answer = m1doctor("diagnose", "--site-packages", packages, "--no-lock", "--format", "json")
    (note,) = answer.document["notes"]
    assert note.startswith("this diagnosis was not kept: Not a directory")
    assert answer.document["failures"] == []


@pytest.mark.real_wheels
def test_the_requirements_of_what_worked_survive_a_later_broken_diagnosis(m1doctor: Command, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.symlink_to(real.mac_packages("tensorflow==2.18.1", "tensorflow-metal==1.2.0"))
    m1doctor("diagnose", "--site-packages", folder, "--offline")
    folder.unlink()
    folder.symlink_to(real.mac_packages("tensorflow==2.18.1", "tensorflow-metal==1.1.0"))
    assert m1doctor("diagnose", "--site-packages", folder, "--offline").status == 1
    history = history_of(str(folder))
    good = history.last_good()
    assert good is not None
    assert good == history.entries()[1]
    assert "tensorflow-metal==1.2.0\n" in (history.lock(good) or "")
