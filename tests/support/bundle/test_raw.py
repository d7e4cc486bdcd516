from __future__ import annotations

from m1doctor.model.reading import Reading
from m1doctor.support.bundle.raw import Raw, raw_texts

SYSCTL = Reading(argv=("/usr/sbin/sysctl", "-n", "hw.model"), returncode=0, stdout="Mac14,7\n", seconds=0.0131)
LATE = Reading(argv=("/bin/zzz",), signal=9, timed_out=True, stderr="slow\n", seconds=2.0)
NONE = Reading(argv=("/bin/none", "a b"), error="No such file or directory")


def test_a_reading_says_what_was_run_how_it_ended_and_what_it_printed() -> None:
    texts = raw_texts(Raw(readings=(SYSCTL, LATE, NONE)))
    assert texts == {
        "readings/001-none.txt": "$ /bin/none 'a b'\ncould not be started: No such file or directory\nafter 0.000 s\n",
        "readings/002-zzz.txt": (
            "$ /bin/zzz\nended by signal 9 (our time limit)\nafter 2.000 s\n----- stderr -----\nslow\n"
        ),
        "readings/003-sysctl.txt": (
            "$ /usr/sbin/sysctl -n hw.model\nexit status 0\nafter 0.013 s\n----- stdout -----\nMac14,7\n"
        ),
    }


def test_the_order_of_threads_does_not_matter() -> None:
    assert raw_texts(Raw(readings=(SYSCTL, LATE, NONE))) == raw_texts(Raw(readings=(NONE, SYSCTL, LATE)))


def test_a_script_on_the_command_line_is_cut() -> None:
    text = raw_texts(Raw(readings=(Reading(argv=("python", "-c", "x" * 5000), returncode=0),)))[
        "readings/001-python.txt"
    ]
    assert len(text) < 600


def test_files_variables_and_the_log_are_members() -> None:
    raw = Raw(
        files={"/etc/pip.conf": "[global]\n", "proc/meminfo": "MemTotal: 1\n"},
        integers={"kern.memorystatus_level": 80, "x": None},
        environment={"TF_X": "1", "PATH": "/bin"},
        log="Traceback\n",
    )
    assert raw_texts(raw) == {
        "readings/000-sysctlbyname.txt": "kern.memorystatus_level: 80\nx: unknown\n",
        "files/001-pip.conf.txt": "/etc/pip.conf\n----- content -----\n[global]\n",
        "files/002-meminfo.txt": "/proc/meminfo\n----- content -----\nMemTotal: 1\n",
        "environment.txt": "PATH=/bin\nTF_X=1\n",
        "log.txt": "Traceback\n",
    }


def test_every_name_is_one_that_the_archive_takes() -> None:
    from m1doctor.support.bundle.archive import _NAME  # noqa: PLC0415 - looked at on purpose

    odd = Raw(readings=(Reading(argv=("../ä ö",)), Reading(argv=("",))), files={"/x/..": "", "/ü": "", "/.condarc": ""})
    assert all(_NAME.fullmatch(name) for name in raw_texts(odd))
