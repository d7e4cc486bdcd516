"""`conda-lock.yml` (version 1): what conda and what pip install, each with address and hash, in one file."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from m1doctor.locks.form import Form
from m1doctor.locks.forms.heading import for_one_run_of_pip, heading
from m1doctor.locks.lock import CondaFile, Lock, files_of

NAME = Form.CONDA_LOCK.usual_name


def render(lock: Lock) -> str:
    """The text of the file. Raises `NotInThisFormError` where one run of pip could not install it."""
    for_one_run_of_pip(lock)
    import yaml  # noqa: PLC0415 - an optional extra

    platform = next((file.subdir for file in lock.conda if file.subdir != "noarch"), "osx-arm64")
    question = json.dumps([[str(asked), asked.requirements] for asked in lock.asked] + [str(lock.target)])
    document = {
        "version": 1,
        "metadata": {
            "content_hash": {platform: hashlib.sha256(question.encode()).hexdigest()},
            "channels": [{"url": channel, "used_env_vars": []} for channel in lock.channels],
            "platforms": [platform],
            "sources": [asked.file for asked in lock.asked if asked.file],
        },
        "package": [*(_conda(file, platform) for file in lock.conda), *_pip(lock, platform)],
    }
    text = yaml.safe_dump(document, sort_keys=False, default_flow_style=False, width=1000)
    return "\n".join(heading(lock, f"conda-lock install --prefix ./env {NAME}")) + "\n" + text


def _conda(file: CondaFile, platform: str) -> dict[str, Any]:
    split = (each.partition(" ") for each in file.depends)
    return _entry(
        "conda",
        platform,
        name=file.name,
        version=file.version,
        dependencies={name: spec for name, _, spec in split},
        url=file.url,
        hash={key: value for key, value in (("md5", file.md5), ("sha256", file.sha256)) if value},
    )


def _pip(lock: Lock, platform: str) -> list[dict[str, Any]]:
    return [
        _entry(
            "pip",
            platform,
            name=package.name,
            version=str(package.version),
            dependencies={},
            url=file.url or "",
            hash={"sha256": file.hashes["sha256"]},
        )
        for package in lock.packages
        for file in files_of(package)[:1]
    ]


def _entry(manager: str, platform: str, *, name: str, version: str, **rest: Any) -> dict[str, Any]:
    head = {"name": name, "version": version, "manager": manager, "platform": platform}
    return {**head, **rest, "category": "main", "optional": False}
