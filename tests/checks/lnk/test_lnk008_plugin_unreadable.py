from __future__ import annotations

from judged import judged
from m1doctor.checks.lnk.lnk008_plugin_unreadable import CHECK
from m1doctor.model.plugins import LinkStatus, LinkVerdict
from m1doctor.model.report import SkipKind, Status
from plugged import PATH, apple, environment, nothing

BROKEN = LinkVerdict(
    status=LinkStatus.UNREADABLE,
    dyld_message=f"dlopen({PATH}, 0x0006): tried: '{PATH}' (slice is not valid mach-o file)",
    reason="no Mach-O magic",
)


def test_a_file_that_is_no_library_is_an_error_and_is_laid_down_anew() -> None:
    result = judged(CHECK, environment(apple(link=BROKEN)))
    assert result.status is Status.ERROR
    assert "no Mach-O magic" in result.summary
    remedy = result.findings[0].remedy
    assert remedy is not None
    assert remedy.steps[0].argv[-1] == "tensorflow-metal==1.2.0"
    assert "--force-reinstall" in remedy.steps[0].argv


def test_a_file_of_nobody_is_moved_away() -> None:
    path = PATH.replace("libmetal", "._libmetal")
    result = judged(CHECK, environment(apple(), apple(path=path, link=BROKEN, distributions=(), version=None)))
    remedy = result.findings[0].remedy
    assert remedy is not None
    assert path in remedy.steps[0].text


def test_a_sound_library_passes() -> None:
    assert judged(CHECK, environment(apple())).status is Status.PASS


def test_what_is_unknown_is_not_a_pass() -> None:
    assert judged(CHECK, nothing()).skip is SkipKind.UNKNOWN
    assert judged(CHECK, environment(apple(link=None))).skip is SkipKind.UNKNOWN
