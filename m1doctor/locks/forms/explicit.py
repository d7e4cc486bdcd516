"""conda's `@EXPLICIT`: an address a line with its hash, in the order of installation. conda solves nothing for it.

What pip installs stands in comments, which conda passes over and conda-lock reads; the hashed requirements beside it
are what installs them.
"""

from __future__ import annotations

from m1doctor.locks.form import Form
from m1doctor.locks.forms.heading import heading
from m1doctor.locks.lock import Lock, files_of, hashes_of, isolation

NAME = Form.EXPLICIT.usual_name


def render(lock: Lock, requirements: str = Form.REQUIREMENTS.usual_name) -> str:
    """The text of the file; `requirements` is the name of the file of requirements beside it."""
    pip = "./env/bin/python -m pip install"
    if lock.built_beside:  # one run of pip builds before it installs
        pip = " ".join(("uv pip install --python ./env/bin/python", *isolation(lock.built_beside)))
    install = f"{pip} --require-hashes --no-deps -r {requirements}"
    lines = heading(lock, f"conda create --prefix ./env --file {NAME}", install)
    lines += [f"# platform: {_subdir(lock)}", "@EXPLICIT"]
    lines += [f"{file.url}#{f'sha256:{file.sha256}' if file.sha256 else file.md5 or ''}" for file in lock.conda]
    for package in lock.packages:
        address = next((f" @ {file.url}" for file in files_of(package) if file.url), f"=={package.version}")
        lines.append(f"# pip {package.name}{address} {' '.join(f'--hash={value}' for value in hashes_of(package))}")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _subdir(lock: Lock) -> str:
    """The platform of the packages that have one."""
    return next((file.subdir for file in lock.conda if file.subdir != "noarch"), "osx-arm64")
