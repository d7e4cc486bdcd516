"""Look at the HTML report as its readers do: in Chromium, at three widths, by day, by night, in print, and by ear.

python scripts/look_at_html.py FOLDER        pictures of reports and the findings of axe-core, into FOLDER

It takes the reports of `tests/rendered.py`, or those given with --report FILE (JSON). Needs Chromium, and npm for
axe-core, an accessibility engine; neither is needed for anything else. Exit status 1: axe found something.
"""

from __future__ import annotations

import argparse
import html
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "tests")]

WIDTHS = (360, 768, 1280)
SCHEMES = {"light": 1, "dark": 0}
"""What Chromium calls them."""
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--virtual-time-budget=20000",
)
_RUN_AXE = """
axe.run(document, {resultTypes: ["violations", "incomplete"]}).then(found => {
  document.documentElement.innerHTML = "<body><pre id=answer></pre></body>";
  document.getElementById("answer").textContent = JSON.stringify({
    violations: found.violations, incomplete: found.incomplete, passes: found.passes.length});
});
"""


def main() -> int:
    """Render, look, listen, and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--report", type=Path, action="append", default=[], help="a saved report (JSON)")
    parser.add_argument("--axe", type=Path, help="axe.min.js; fetched with npm where it is not given")
    asked = parser.parse_args()
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        print("there is no Chromium on PATH")
        return 2
    asked.folder.mkdir(parents=True, exist_ok=True)
    pages = _pages(asked.folder, asked.report)
    with tempfile.TemporaryDirectory() as folder:
        axe = asked.axe or _fetch_axe(Path(folder))
        look = _Look(chromium, Path(folder), axe.read_text(encoding="utf-8"))
        found = 0
        for page in pages:
            for scheme in SCHEMES:
                for width in WIDTHS:
                    look.picture(page, scheme, width)
                found += look.listen(page, scheme)
            look.printed(page)
    return 1 if found else 0


def _pages(folder: Path, saved: list[Path]) -> list[Path]:
    import rendered  # noqa: PLC0415 - of the tests, after the path is set
    from m1doctor.checks.registry import Registry, built_in_checks  # noqa: PLC0415
    from m1doctor.diagnosis import load_report  # noqa: PLC0415
    from m1doctor.render.html import to_html  # noqa: PLC0415

    registry = Registry(built_in_checks())
    pairs = {file.stem: (load_report(str(file)), registry) for file in saved}
    if not pairs:
        pairs = {
            name: rendered.named(name) for name in ("metal-mismatch", "healthy-m2-pro", "swapping-8gb-warn", "full")
        }
    pages = []
    for name, (report, known) in pairs.items():
        page = folder / f"{name}.html"
        page.write_text(to_html(report, known), encoding="utf-8")
        pages.append(page)
    return pages


def _fetch_axe(folder: Path) -> Path:
    subprocess.run(["npm", "pack", "--silent", "axe-core"], cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S607 - of PATH
    (archive,) = folder.glob("axe-core-*.tgz")
    with tarfile.open(archive) as packed:
        packed.extract("package/axe.min.js", folder, filter="data")
    return folder / "package" / "axe.min.js"


class _Look:
    """One Chromium and where it may write."""

    def __init__(self, chromium: str, folder: Path, axe: str) -> None:
        self._chromium = chromium
        self._folder = folder
        self._axe = axe

    def picture(self, page: Path, scheme: str, width: int) -> None:
        """A picture of the page; in a frame, because no window is as narrow as a phone."""
        height = 2600
        frame = self._folder / "frame.html"
        frame.write_text(
            f'<body style="margin:0"><iframe style="border:0" src="{html.escape(page.resolve().as_uri())}" '
            f'width="{width}" height="{height}"></iframe>',
            encoding="utf-8",
        )
        picture = page.with_name(f"{page.stem}-{scheme}-{width}.png").resolve()
        self._run(frame, scheme, f"--screenshot={picture}", f"--window-size={max(width, 500)},{height}")
        print(picture)

    def printed(self, page: Path) -> None:
        """The page on paper, printed by somebody who reads by night."""
        paper = page.with_suffix(".pdf").resolve()
        self._run(page, "dark", f"--print-to-pdf={paper}", "--no-pdf-header-footer")
        print(paper)

    def listen(self, page: Path, scheme: str) -> int:
        """What axe finds in the page; prints and counts it."""
        text = page.read_text(encoding="utf-8")
        text = text.replace("http-equiv=", "data-was=").replace("<details>", "<details open>")
        listened = self._folder / "listened.html"
        listened.write_text(text + f"<script>{self._axe}</script><script>{_RUN_AXE}</script>", encoding="utf-8")
        answer = self._run(listened, scheme, "--dump-dom", "--window-size=800,2000")
        start, end = answer.index(">", answer.index("id=")) + 1, answer.index("</pre>")
        found = json.loads(html.unescape(answer[start:end]))
        print(f"{page.name} {scheme}: {found['passes']} rules passed, {len(found['violations'])} violated, "
              f"{len(found['incomplete'])} for a person to decide")  # fmt: skip
        for kind in ("violations", "incomplete"):
            for rule in found[kind]:
                print(f"  {kind}: {rule['id']} ({rule['impact']}): {rule['help']}")
                for node in rule["nodes"][:3]:
                    print(f"    {node['html'][:160]}")
        return len(found["violations"])

    def _run(self, page: Path, scheme: str, *more: str) -> str:
        with tempfile.TemporaryDirectory() as profile:
            argv = [
                self._chromium,
                *FLAGS,
                f"--user-data-dir={profile}",
                f"--blink-settings=preferredColorScheme={SCHEMES[scheme]}",
                *more,
                page.resolve().as_uri(),
            ]
            done = subprocess.run(argv, check=True, capture_output=True, text=True, timeout=120)
        return done.stdout


if __name__ == "__main__":
    sys.exit(main())
