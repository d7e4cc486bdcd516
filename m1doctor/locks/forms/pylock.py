"""`pylock.toml` (PEP 751): every file with its address, size and hash. `packaging` models it, tomli-w writes it.

uv writes ``requires-python = ">=3.12"`` and no environments even where the wheels are of one Python and one system;
here both are as narrow as the files are.
"""

from __future__ import annotations

from m1doctor.locks.form import Form
from m1doctor.locks.forms.heading import heading
from m1doctor.locks.lock import Lock, NotInThisFormError, Target, isolation

NAME = Form.PYLOCK.usual_name
_SYSTEMS = {"macOS": "darwin", "Linux": "linux"}


def render(lock: Lock) -> str:
    """The text of the file. Raises `NotInThisFormError` where of some package no file is known."""
    import tomli_w  # noqa: PLC0415 - start-up
    from packaging.markers import Marker  # noqa: PLC0415 - start-up
    from packaging.pylock import Pylock  # noqa: PLC0415 - start-up
    from packaging.specifiers import SpecifierSet  # noqa: PLC0415 - start-up
    from packaging.version import Version  # noqa: PLC0415 - start-up

    bare = [package.name for package in lock.packages if not (package.wheels or package.sdist)]
    if bare:
        message = f"a pylock names files, and of {', '.join(bare[:3])}{' and others' if bare[3:] else ''} none is known"
        raise NotInThisFormError(message)
    minor = _minor(lock.target)
    document = Pylock(
        lock_version=Version("1.0"),
        environments=[Marker(marker)] if (marker := _marker(lock.target)) else None,
        requires_python=SpecifierSet(f"=={minor}.*") if minor else None,
        created_by="m1doctor",
        packages=list(lock.packages),
    )
    document.validate()
    install = f"uv pip sync --preview-features pylock {NAME}"
    if lock.built_beside:  # `sync` cannot be told which packages those are
        install = " ".join(("uv pip install --preview-features pylock", *isolation(lock.built_beside), "-r", NAME))
    return "\n".join(heading(lock, install)) + "\n\n" + tomli_w.dumps(document.to_dict())


def _minor(target: Target) -> str | None:
    return ".".join(target.python.split(".")[:2]) if target.python else None


def _marker(target: Target) -> str:
    parts = []
    if target.system in _SYSTEMS:
        parts.append(f"sys_platform == '{_SYSTEMS[target.system]}'")
    if target.machine:
        parts.append(f"platform_machine == '{target.machine}'")
    return " and ".join(parts)
