# SPDX-License-Identifier: Apache-2.0
"""One page that holds everything it needs: it opens from a disk, without a network, years later."""

from __future__ import annotations

import base64
import hashlib
import html
import os
import re
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from octobot.report.payload import build_payload, payload_text
from octobot.report.summary import Summary
from octobot.report.terminal import format_summary
from octobot_commons.errors import EnvironmentFault

if TYPE_CHECKING:
    from octobot.backtesting.result import BacktestResult

REPORT_NAME = "report.html"
_CHARTS = "lightweight-charts/lightweight-charts.standalone.production.js"
_SCRIPTS = ("data.js", "format.js", "markers.js", "chart.js", "table.js", "sections.js", "page.js")
_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")


def write_report(result: BacktestResult, summary: Summary, folder: str | os.PathLike[str]) -> Path:
    """Write the page of one run to ``folder``/report.html, in place of an older one, and return its path.

    The folder is made where needed. The file appears whole or not at all. Raises EnvironmentFault where it cannot be
    written.
    """
    path = Path(folder) / REPORT_NAME
    page = render_report(result, summary)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(path, page.encode())
    except OSError as error:
        reason = error.strerror or str(error)
        raise EnvironmentFault(
            f"the report cannot be written: {reason}", file=path, remedy="name another folder, or make room in this one"
        ) from error
    return path


def render_report(result: BacktestResult, summary: Summary) -> str:
    """The page as text, the same for the same run."""
    charts, script = _static(_CHARTS), _page_script()
    parts = {
        "title": html.escape(_title(summary)),
        "policy": html.escape(_content_policy(charts, script)),
        "style": _static("report.css"),
        "charts": charts,
        "script": script,
        "data": payload_text(build_payload(result, summary)),
        "text": html.escape(format_summary(summary, result)),
    }
    # One pass: what is put in is never looked at again.
    return _PLACEHOLDER.sub(lambda match: parts[match[1]], _static("report.html"))


def _title(summary: Summary) -> str:
    return ", ".join(f"{one.symbol} {one.time_frame}" for one in summary.data) + " backtest - OctoBot"


def _page_script() -> str:
    parts = "\n".join(_static(f"js/{name}") for name in _SCRIPTS)
    return f'(() => {{\n"use strict";\n{parts}\n}})();'


def _content_policy(*scripts: str) -> str:
    """Only the page's own scripts run, and nothing is ever fetched, whatever the data may contain."""
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    rules = ("default-src 'none'", f"script-src {allowed}", "style-src 'unsafe-inline'", "img-src data:")
    return "; ".join((*rules, "base-uri 'none'", "form-action 'none'"))


def _static(name: str) -> str:
    return resources.files("octobot.report").joinpath("static", *name.split("/")).read_text(encoding="utf-8")


def _write_whole(path: Path, content: bytes) -> None:
    """Under another name in the same folder, then renamed: a reader sees the old file or the new one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
