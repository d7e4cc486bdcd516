from __future__ import annotations

from pathlib import Path

import pytest

from environments import mach_o
from environments.site_folder import collect, lay_down
from m1doctor.collect.packages.native_dependencies import OPENMP


def test_runtimes_of_the_conda_prefix_count_and_a_link_is_no_second_one(tmp_path: Path) -> None:
    prefix, site = tmp_path / "env", tmp_path / "site"
    (prefix / "lib").mkdir(parents=True)
    (prefix / "lib/libomp.dylib").write_bytes(mach_o.library())
    (prefix / "lib/libiomp5.dylib").symlink_to("libomp.dylib")
    (prefix / "lib/libgomp_plugin.txt").write_text("")
    lay_down(site, "pkg", "1.0", {"pkg/.dylibs/libomp.dylib": mach_o.library()})
    found = collect(site, conda=prefix).openmp_runtimes
    assert len(found) == 2
    assert "pkg/.dylibs/libomp.dylib" in found


@pytest.mark.parametrize(
    "name", ["libomp.dylib", "libiomp5.dylib", "libgomp.1.dylib", "libgomp-a34b3233.so.1.0.0", "libiomp5.so"]
)
def test_names_of_runtimes(name: str) -> None:
    assert OPENMP.fullmatch(name)


@pytest.mark.parametrize("name", ["libompi.dylib", "libcomplex.dylib", "libomp.py", "libprompt.so"])
def test_names_of_other_libraries(name: str) -> None:
    assert not OPENMP.fullmatch(name)
