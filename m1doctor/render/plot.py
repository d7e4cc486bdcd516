"""The benchmark as a picture worth putting in an issue: SVG or PNG, through Vega-Lite.

The picture is a description in data; vl-convert, which needs no browser, no display and no network, draws it. It is
large, so it is an extra.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from m1doctor.bench.figures import best_speed, fixed_share, median_speed, waiting_share
from m1doctor.bench.peak import Peak, peak_of
from m1doctor.bench.statistics import median
from m1doctor.bench.verdicts import verdicts
from m1doctor.errors import UserError
from m1doctor.model.facts import Facts
from m1doctor.model.report import Report
from m1doctor.render.words import describe_environment

SUFFIXES = (".svg", ".png")
_BLUE, _ORANGE = "#3366aa", "#d9822b"
_WIDTH = 460
_LABELS = 118
"""Points of width that the names of the bars take, so that all charts begin at one place."""
_ROW = 26
"""Points of height that one bar takes."""
_PNG_SCALE = 2


def check_plot(path: Path) -> None:
    """Refuse a picture that could not be drawn, before anything is measured. Raises `UserError`."""
    if path.suffix not in SUFFIXES:
        message = f"--plot: {path} ends in neither of {' and '.join(SUFFIXES)}"
        raise UserError(message)
    try:
        import vl_convert  # noqa: F401, PLC0415 - an extra
    except ImportError as error:
        message = "--plot needs the extra plot: install m1doctor[plot] (or vl-convert-python)"
        raise UserError(message) from error


def drawn(report: Report, suffix: str) -> bytes:
    """The picture as the bytes of its file."""
    import vl_convert  # noqa: PLC0415 - an extra, which `check_plot` has looked for

    document = picture(report)
    if suffix == ".svg":
        svg: str = vl_convert.vegalite_to_svg(document)
        return svg.encode()
    png: bytes = vl_convert.vegalite_to_png(document, scale=_PNG_SCALE)
    return png


def picture(report: Report) -> dict[str, Any]:
    """The picture as a Vega-Lite document: title, verdicts, and one chart a part that was measured."""
    facts = report.facts
    charts = [chart for chart in (_products(facts), _steps(facts), _pipelines(facts)) if chart is not None]
    said = [f"{each.holding}{'' if each.sure else ' (unsure)'}: {each.figure}" for each in verdicts(facts)] or [
        "nothing was measured"
    ]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "title": {
            "text": said,
            "subtitle": [
                " · ".join(describe_environment(facts)),
                f"m1doctor {report.m1doctor_version}, {report.created}",
            ],
            "anchor": "start",
            "fontSize": 14,
            "subtitleColor": "#555555",
            "offset": 14,
        },
        "background": "white",
        "padding": 16,
        "spacing": 26,
        "vconcat": charts,
        "config": {"view": {"stroke": None}, "axis": {"grid": False, "labelLimit": 220}},
    }


def _products(facts: Facts) -> dict[str, Any] | None:
    matmul = facts.bench.matmul if facts.bench else None
    if matmul is None or not matmul.runs:
        return None
    rows = [
        {
            "what": f"{run.dtype} {run.size} x {run.size}",
            "value": best_speed(run) / 1e12,
            "label": f"{best_speed(run) / 1e12:.3g} (median {median_speed(run) / 1e12:.3g})",
        }
        for run in matmul.runs
    ]
    peak = peak_of(facts)
    if not isinstance(peak, Peak) or not matmul.device.startswith("GPU"):
        return _bars(f"Matrix products on {matmul.device}, best", "TFLOP/s", rows)
    top = peak.flops_per_second / 1e12
    title = f"Matrix products on {matmul.device}, best; the line is the chip's peak, {top:.2f} TFLOP/s"
    chart = _bars(title, "TFLOP/s", rows, reach=top * 1.03)
    place = {"x": {"datum": top, "type": "quantitative"}}
    chart["layer"].append({"mark": {"type": "rule", "color": _ORANGE, "size": 2}, "encoding": place})
    return chart


def _steps(facts: Facts) -> dict[str, Any] | None:
    sweep = facts.bench.sweep if facts.bench else None
    if sweep is None or not sweep.runs:
        return None
    rows = [
        {"what": f"batch {run.batch}", "value": median(run.seconds) * 1e3, "label": f"{median(run.seconds) * 1e3:.3g}"}
        for run in sweep.runs
    ]
    share = fixed_share(sweep)
    fixed = f", {share.value:.0%} of the smallest does not grow" if share is not None else ""
    return _bars(f"A training step on {sweep.device}{fixed}", "ms", rows)


def _pipelines(facts: Facts) -> dict[str, Any] | None:
    fed = facts.bench.input if facts.bench else None
    if fed is None or not fed.runs:
        return None
    rows = []
    for run in fed.runs:
        each, waiting = median(run.seconds) / fed.steps * 1e3, waiting_share(fed, run.pipeline)
        waits = waiting.value if waiting is not None else 0.0
        rows.append({"what": run.pipeline, "value": each, "label": f"{each:.3g}, waits {waits:.0%}"})
    return _bars(f"The same step behind input pipelines, {fed.batch} pictures each", "ms a step", rows)


def _bars(title: str, unit: str, rows: list[dict[str, Any]], *, reach: float = 0.0) -> dict[str, Any]:
    """A chart with a bar a row and its figure behind it; the scale goes to `reach` at least."""
    largest = max(row["value"] for row in rows)
    encoding = {
        "y": {"field": "what", "type": "nominal", "sort": None, "axis": {"title": None, "minExtent": _LABELS}},
        "x": {
            "field": "value",
            "type": "quantitative",
            "axis": {"title": unit},
            "scale": {"domainMin": 0, "domainMax": max(largest * 1.35, reach), "nice": False},
        },
    }
    return {
        "title": {"text": title, "anchor": "start", "fontSize": 12},
        "width": _WIDTH,
        "height": _ROW * len(rows),
        "data": {"values": rows},
        "layer": [
            {"mark": {"type": "bar", "color": _BLUE}, "encoding": encoding},
            {
                "mark": {"type": "text", "align": "left", "dx": 4, "color": "#333333"},
                "encoding": {**encoding, "text": {"field": "label"}},
            },
        ],
    }
