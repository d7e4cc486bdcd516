"""What the pages for people say is true: commands, options, files, ids, statuses, settings."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from environments import real
from m1doctor.checks.registry import built_in_checks
from m1doctor.cli.app import run
from m1doctor.cli.exits import Exit
from m1doctor.cli.verbs import VERBS
from m1doctor.lint.registry import load_rules
from m1doctor.settings import FailOn, find_settings

CHECKOUT = Path(__file__).resolve().parents[2]
PAGES = {
    name: (CHECKOUT / name).read_text(encoding="utf-8")
    for name in (
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "envs/README.md",
        "docs/how-it-works.md",
        "docs/what-only-a-mac-can-show.md",
    )
}
README = PAGES["README.md"]
ROOTS = (
    "m1doctor/",
    "scripts/",
    "tests/",
    "docs/",
    "envs/",
    ".ci/",
    "collect/",
    "checks/",
    "macho/",
    "cli/",
    "render/",
)
each_page = pytest.mark.parametrize("page", PAGES)


def code(text: str) -> list[str]:
    """What stands between backticks: words in a line, and whole blocks line by line."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    return [*inline, *(line for block in blocks for line in block.splitlines())]


@each_page
def test_every_link_leads_somewhere(page: str) -> None:
    for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", PAGES[page]):
        if not link.startswith("https://"):
            assert ((CHECKOUT / page).parent / link).exists(), link


@each_page
def test_every_file_that_is_named_is_there(page: str) -> None:
    named = {word.rstrip("/.,:") for words in code(PAGES[page]) for word in re.findall(r"[\w./*-]+", words)}
    for word in sorted(name for name in named if name.startswith(ROOTS)):
        if "042" in word:
            continue  # the invented check of the recipe
        places = (CHECKOUT, CHECKOUT / "m1doctor")
        assert any(place.glob(word) if "*" in word else (place / word).exists() for place in places), word


@each_page
def test_every_verb_that_is_named_exists(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    named = {m[1] for words in code(PAGES[page]) for m in re.finditer(r"(?:^|\s)m1doctor ([a-z]+)", words)}
    for verb in sorted(named - {"diagnoses"}):
        assert run([verb, "--help"]) == 0, verb
    capsys.readouterr()


def test_every_verb_is_in_the_readme(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    commands = capsys.readouterr().out.partition("Commands:")[2]
    verbs = re.findall(r"^  (\w+)  ", commands, re.MULTILINE)
    assert "diagnose" in verbs
    assert [verb for verb in verbs if f"| `m1doctor {verb}" not in README] == []


def test_every_option_of_the_readme_exists(capsys: pytest.CaptureFixture[str]) -> None:
    for verb in VERBS:
        assert run([verb, "--help"]) == 0
    known = set(re.findall(r"--[a-z][a-z-]*", capsys.readouterr().out))
    known |= set(re.findall(r"--[a-z][a-z-]*", (CHECKOUT / "scripts" / "bootstrap.sh").read_text()))
    used = {option for words in code(README) for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", words)}
    assert used <= known
    assert len(used) > 10


@each_page
def test_every_check_that_is_named_exists(page: str) -> None:
    known = {check.id for check in built_in_checks()} | {rule.id for rule in load_rules()}
    named = set(re.findall(r"\b(?:LOAD|MAC|PY|PKG|LNK|TF|MEM|PERF|LOCK)\d{3}\b", PAGES[page])) - {"PKG042"}
    assert named <= known


def test_the_exit_statuses_are_those_of_the_command() -> None:
    table = README[README.index("### Exit status") :]
    stated = {int(number) for number in re.findall(r"^\| (\d+) \|", table.split("###")[1], re.MULTILINE)}
    assert stated == {int(status) for status in Exit}
    assert all(f"`{level}`" in table for level in FailOn)


def test_the_settings_that_are_shown_are_read_and_are_all_there_are(tmp_path: Path) -> None:
    (block,) = re.findall(r"^```toml\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    (tmp_path / "pyproject.toml").write_text(block, encoding="utf-8")

    settings = find_settings(tmp_path)

    assert settings.select == ("LNK", "PKG", "TF001")
    assert [(entry.name, entry.reason) for entry in settings.ignore] == [
        ("MAC004", "the build machine is a virtual machine")
    ]
    silent = [name for name in settings.__slots__ if getattr(settings, name) is None]
    assert silent == [], "the example shows every setting"


def test_the_extras_that_are_named_exist() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    for page in PAGES.values():
        for extra in re.findall(r"(?:m1doctor|\.)\[([a-z-]+)\]", page):
            assert extra in project["optional-dependencies"], extra


@pytest.mark.parametrize("script", ["run.py", "test.py", "bootstrap.sh"])
def test_each_script_that_the_readme_starts_is_there_and_can_be_run(script: str) -> None:
    assert f"scripts/{script}" in README
    assert (CHECKOUT / "scripts" / script).stat().st_mode & 0o111


@pytest.mark.real_wheels
def test_the_first_example_is_what_the_command_prints(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    folder = real.mac_packages("tensorflow==2.18.1", "tensorflow-metal==1.1.0")
    assert run(["diagnose", "--site-packages", str(folder), "--no-lock"]) == Exit.FINDINGS
    printed = capsys.readouterr().out.replace(str(folder), "/data/from-a-mac")

    (example,) = re.findall(r"^\$ m1doctor diagnose --site-packages.*?\n(.*?)^```", README, re.MULTILINE | re.DOTALL)

    # The rest counts checks, which is not what the example is about.
    last = "  More: m1doctor explain LNK002\n"
    assert example.partition(last)[:2] == printed.partition(last)[:2], "paste it anew"


def test_the_examples_count_every_check_that_there_is() -> None:
    count = str(len(list(built_in_checks())))
    assert re.findall(r"^(\d+) checks in ", README, re.MULTILINE) == [count] * 2, "paste them anew"
