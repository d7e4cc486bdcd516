"""Reading a lock that somebody brought."""

from __future__ import annotations

import contextlib
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.pylock import Package, PackageSdist
from packaging.utils import NormalizedName
from packaging.version import Version

from m1doctor.errors import UserError
from m1doctor.knowledge.environments import published
from m1doctor.locks.forms import conda_lock, environment, explicit, pylock, requirements
from m1doctor.locks.forms.heading import heading
from m1doctor.locks.lock import Asked, Lock, NotInThisFormError, Target
from m1doctor.locks.reading import _head, read_lock
from m1doctor.locks.wanted import read_wanted
from m1doctor.model.given_lock import LockForm, LockInput, Manager


def written(folder: Path, text: str, name: str = "lock") -> str:
    (folder / name).write_text(text)
    return str(folder / name)


def test_a_lock_of_ours_says_for_whom_it_is_and_what_it_answers(tmp_path: Path) -> None:
    (tmp_path / "asked.in").write_text("alpha>=1\nbeta\n")
    lock = Lock(
        title="A lock.",
        target=Target(python="3.12", macos="12.1"),
        packages=(Package(name=NormalizedName("alpha"), version=Version("1.0")),),
        asked=(
            Asked(file="asked.in", requirements=("alpha>=1",), extras=("x",)),
            Asked(file=None, requirements=("c",)),
        ),
    )
    found = read_lock(written(tmp_path, requirements.render(lock)))
    assert (found.form, found.python, found.system, found.machine, found.macos) == (
        LockForm.REQUIREMENTS, "3.12", "macOS", "arm64", "12.1",
    )  # fmt: skip
    assert found.asked == ("alpha>=1", "c")
    assert [(package.name, package.version) for package in found.packages] == [("alpha", "1.0")]
    assert found.inputs == (LockInput(file="asked.in", recorded=("alpha>=1",), current=("alpha>=1", "beta")),)


def test_an_input_is_read_as_it_is_now(tmp_path: Path) -> None:
    (tmp_path / "asked.in").write_text("alpha>=2\n")
    text = "# Asked for by asked.in:\n#   alpha>=1\nalpha==1.0\n"
    (source,) = read_lock(written(tmp_path, text)).inputs
    assert (source.recorded, source.current) == (("alpha>=1",), ("alpha>=2",))


def test_a_file_that_another_takes_in_is_an_input_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "asked.in").write_text("alpha\n--requirement=deep/more.in  # mine\n-r https://x/y.in\n")
    (tmp_path / "deep" / "more.in").write_text("beta\n-r ../asked.in\n-r empty.in\n")
    (tmp_path / "deep" / "empty.in").write_text("")
    wanted = read_wanted([tmp_path / "asked.in"], beside=tmp_path)
    assert [(asked.file, asked.requirements) for asked in wanted.asked] == [
        ("asked.in", ("-r deep/more.in", "-r https://x/y.in", "alpha")),
        ("deep/more.in", ("-r ../asked.in", "-r empty.in", "beta")),
        ("deep/empty.in", ()),
    ]
    lock = Lock(title="A lock.", target=Target(python="3.12"), packages=(), asked=wanted.asked)
    path = written(tmp_path, requirements.render(lock))
    assert all(each.current == each.recorded for each in read_lock(path).inputs)
    (tmp_path / "deep" / "empty.in").write_text("gamma\n")
    assert [each.file for each in read_lock(path).inputs if each.current != each.recorded] == ["deep/empty.in"]
    (tmp_path / "deep" / "more.in").unlink()
    with pytest.raises(UserError, match=r"cannot read .*more\.in"):
        read_wanted([tmp_path / "asked.in"])


def test_a_file_of_limits_is_an_input_that_asks_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "asked.in").write_text("alpha\n--constraint limits.in\n-c https://x/y.in\n-r more.in\n")
    (tmp_path / "limits.in").write_text("alpha<2\nbeta<3\n-r more.in\n")
    (tmp_path / "more.in").write_text("gamma>1\n")
    wanted = read_wanted([tmp_path / "asked.in"], beside=tmp_path)
    assert [(asked.file, asked.requirements, asked.limits) for asked in wanted.asked] == [
        ("asked.in", ("-c https://x/y.in", "-c limits.in", "-r more.in", "alpha"), False),
        ("limits.in", ("-r more.in", "alpha<2", "beta<3"), True),
        ("more.in", ("gamma>1",), True),
        ("more.in", ("gamma>1",), False),
    ]
    assert (wanted.names("alpha"), wanted.names("beta")) == (True, False)
    assert wanted.specifiers(Target(python="3.12")) == {"alpha": "<2", "gamma": ">1,>1"}
    text = requirements.render(Lock(title="A lock.", target=Target(python="3.12"), packages=(), asked=wanted.asked))
    assert "# Limited by limits.in:\n#   -r more.in\n#   alpha<2\n#   beta<3\n" in text
    found = read_lock(written(tmp_path, text))
    assert "beta<3" not in (found.asked or ())
    (tmp_path / "limits.in").write_text("alpha<1\nbeta<3\n-r more.in\n")
    changed = [each for each in read_lock(written(tmp_path, text)).inputs if each.current != each.recorded]
    assert [(each.file, each.current) for each in changed] == [("limits.in", ("-r more.in", "alpha<1", "beta<3"))]


@pytest.mark.parametrize("form", [requirements, pylock, explicit])
def test_what_is_built_where_it_is_installed_is_read_again_from_each_form_that_can_hold_it(
    tmp_path: Path, form: ModuleType
) -> None:
    source = PackageSdist(
        name="tensorflow_metal_plugin-0.4.1.tar.gz",
        url="https://example.org/tensorflow_metal_plugin-0.4.1.tar.gz",
        hashes={"sha256": "11"},
    )
    plugin = Package(name=NormalizedName("tensorflow-metal-plugin"), version=Version("0.4.1"), sdist=source)
    lock = Lock(title="A lock.", target=Target(python="3.13", macos="15.0"), packages=(plugin,))
    text = form.render(lock)
    (package,) = read_lock(written(tmp_path, text)).packages
    assert (package.name, package.version) == ("tensorflow-metal-plugin", "0.4.1")
    assert "--no-build-isolation-package tensorflow-metal-plugin" in text
    for other in (environment, conda_lock):
        with pytest.raises(NotInThisFormError, match="built against a TensorFlow that is already there"):
            other.render(lock)


@pytest.mark.parametrize("environment", published(), ids=lambda environment: environment.name)
def test_every_published_lock_is_read(environment: object) -> None:
    path = environment.requirements  # type: ignore[attr-defined]
    found = read_lock(str(path))
    assert {package.name for package in found.packages} >= {"tensorflow", "tensorflow-metal", "numpy"}
    assert found.macos == "12.1"
    assert found.inputs == ()


FOREIGN = """\
# This file was autogenerated by uv
--index-url somewhere
numpy==2.1.3 ; python_version >= '3.10' \\
    --hash=sha256:aaaa \\
    --hash=sha256:bbbb
    # via tensorflow
Typing_Extensions[x] == 4.1
mine @ file:///somewhere
"""


def test_a_lock_of_another_tool_is_read_too(tmp_path: Path) -> None:
    found = read_lock(written(tmp_path, FOREIGN))
    assert [(each.name, each.version, each.marker) for each in found.packages] == [
        ("numpy", "2.1.3", "python_version >= '3.10'"),
        ("typing-extensions", "4.1", None),
        ("mine", None, None),
    ]
    assert found.asked is None
    assert "does not say what it answers" in found.unknown["asked"].reason


PYLOCK = """\
lock-version = "1.0"
created-by = "somebody"
[[packages]]
name = "numpy"
version = "2.1.3"
[[packages.wheels]]
url = "https://example.org/numpy-2.1.3-cp312-cp312-macosx_14_0_arm64.whl"
hashes = { sha256 = "aa" }
"""


def test_a_pylock_says_which_wheels(tmp_path: Path) -> None:
    (package,) = read_lock(written(tmp_path, PYLOCK)).packages
    assert (package.name, package.version, package.tags) == ("numpy", "2.1.3", ("cp312-cp312-macosx_14_0_arm64",))


EXPLICIT = """\
# platform: osx-arm64
@EXPLICIT
https://example.org/c/osx-arm64/python-3.12.4-h1234_0_cpython.conda#sha256:00
https://example.org/c/noarch/pip-24.0-pyhd_0.tar.bz2
# pip numpy @ https://example.org/numpy-2.1.3-cp312-cp312-macosx_11_0_arm64.whl --hash=sha256:11
# pip plain==1.0
# pip built-here @ https://example.org/built_here-0.4.1.tar.gz --hash=sha256:22
"""


def test_an_explicit_file_of_conda_names_builds_and_platforms(tmp_path: Path) -> None:
    found = read_lock(written(tmp_path, EXPLICIT))
    assert found.form is LockForm.EXPLICIT
    assert [(each.manager, each.name, each.version, each.build, each.subdir) for each in found.packages] == [
        (Manager.CONDA, "python", "3.12.4", "h1234_0_cpython", "osx-arm64"),
        (Manager.CONDA, "pip", "24.0", "pyhd_0", "noarch"),
        (Manager.PIP, "numpy", "2.1.3", None, None),
        (Manager.PIP, "plain", "1.0", None, None),
        (Manager.PIP, "built-here", "0.4.1", None, None),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("numpy>=1\n", "lock:1: not a lock: 'numpy>=1' names no exact version"),
        ("\n\nnumpy\n", "lock:3: not a lock"),
        ('lock-version = "1.0"\n', "not a lock: Missing required value"),
        ('lock-version = "9.0"\ncreated-by = "x"\npackages = []\n', "version 9.0 is not supported"),
        ("lock-version = [\n", "not a lock: "),
        ("@EXPLICIT\nnot an address\n", "lock:2: not a lock"),
        ("metadata: {}\npackage:\n- {}\n", "not a conda-lock"),
        ("metadata: {\npackage: [\n", "lock:3: bad YAML: "),
        ("numpy==1.26.*\n", "lock:1: not a lock: 'numpy==1.26.*' names no exact version"),
        ("numpy==1\n-r other.in\n", "other.in"),
    ],
)
def test_what_is_no_lock_is_refused_in_one_line_that_names_it(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UserError) as refused:
        read_lock(written(tmp_path, text))
    assert words in str(refused.value)
    assert str(tmp_path / "lock") in str(refused.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot read"):
        read_lock(str(tmp_path / "absent"))
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match="no UTF-8"):
        read_lock(str(tmp_path / "binary"))


@given(st.text())
def test_any_text_is_a_lock_or_is_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with contextlib.suppress(UserError):
        read_lock(str(path))


WORDS = st.text(st.characters(categories=("L", "N", "P", "S", "Z")), min_size=1, max_size=200).map(
    lambda text: " ".join(text.split())
)


@given(requirements=st.lists(WORDS.filter(bool), min_size=1, max_size=4), limits=st.booleans())
def test_what_was_asked_comes_back_as_it_was(requirements: list[str], *, limits: bool) -> None:
    lock = Lock(
        title="x",
        target=Target(python="3.12", macos="12.1"),
        packages=(),
        asked=(
            Asked(file="a b.in", requirements=tuple(requirements), groups=("ml",), limits=limits),
            Asked(file=None, requirements=tuple(requirements)),
        ),
        remarks=("why",),
    )
    head = _head("\n".join(heading(lock, "install")))
    assert head.asked == lock.asked
    assert head.target["macos"] == "12.1"
