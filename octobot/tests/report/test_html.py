# SPDX-License-Identifier: Apache-2.0
import base64
import hashlib
import json
import re
from decimal import Decimal
from html.parser import HTMLParser
from importlib import resources

import numpy as np
import pytest

from octobot.report import compute_summary, write_report
from octobot.report.html import _SCRIPTS, render_report
from octobot_commons.errors import EnvironmentFault

VOID = {"meta", "br", "img", "input", "link", "hr"}
EVIL = '</script><script>alert("x")</script><img src=x onerror=alert(1)>&amp;\u2028{{script}}'


class Page(HTMLParser):
    """Elements with their attributes, and that every one that opens closes."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.open, self.texts = [], [], {}
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open:
            self.texts.setdefault(self.open[-1], []).append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def page_of(result):
    text = render_report(result, compute_summary(result))
    return Page(text), text


def test_page_is_whole_and_needs_nothing_else(round_trip):
    page, _ = page_of(round_trip)
    assert page.all("link") == page.all("img") == page.all("iframe") == []
    assert not any({"src", "srcset", "data", "action"} & attributes.keys() for _, attributes in page.elements)
    hrefs = [attributes["href"] for attributes in page.all("a")]
    # Links may lead elsewhere, nothing is fetched from there.
    assert [href for href in hrefs if not href.startswith("#")] == ["https://www.tradingview.com/"]
    ids = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    assert {href[1:] for href in hrefs if href.startswith("#")} <= ids
    (style,) = page.texts["style"]
    assert not re.search(r"url\(|@import", style)


def test_only_the_page_s_own_scripts_may_run(round_trip):
    page, _ = page_of(round_trip)
    data, charts, script = page.texts["script"]
    assert [attributes.get("type") for attributes in page.all("script")] == ["application/json", None, None]
    (policy,) = (meta["content"] for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; ")
    for text in (charts, script):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert json.loads(data)["summary"]["performance"]["end_value"] == "1017.612"


def test_ids_that_the_scripts_ask_for_are_there(round_trip):
    page, _ = page_of(round_trip)
    ids = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    assert set(re.findall(r'byId\("([\w-]+)"\)', page.texts["script"][2])) <= ids


def test_names_and_settings_stay_text(make_series, make_result):
    series = make_series([1, 2], symbol="A<B&C/USDT")
    result = make_result(
        series,
        settings={EVIL: EVIL},
        orders=[{"order_id": EVIL, "status": EVIL}],
        inputs=[{"file": EVIL}],
        portfolio={EVIL: "1"},
    )
    page, text = page_of(result)
    assert "<script>alert" not in text
    assert "<img" not in text
    assert [tag for tag, _ in page.elements].count("script") == 3
    assert page.texts["title"] == ["A<B&C/USDT 1h backtest - OctoBot"]
    data = json.loads(page.texts["script"][0])
    assert data["settings"] == {EVIL: EVIL}
    assert data["orders"]["rows"] == [[EVIL, EVIL]]


def test_scripts_never_make_markup_of_text():
    for name in _SCRIPTS:
        script = resources.files("octobot.report").joinpath("static", "js", name).read_text(encoding="utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|Function\(|https?://", script
        )


def test_figures_are_there_without_scripts(round_trip):
    page, _ = page_of(round_trip)
    assert "+17.61 USDT" in "".join(page.texts["pre"])


@pytest.mark.parametrize("closes", [[], [100.0]])
def test_degenerate_runs_have_a_page(make_series, make_result, closes):
    page, _ = page_of(make_result(*([make_series(closes)] if closes else [])))
    assert len(json.loads(page.texts["script"][0])["series"]) == len(closes)


def test_same_run_same_page(round_trip):
    assert page_of(round_trip)[1] == page_of(round_trip)[1]


def test_file_is_written_whole_and_replaced(tmp_path, round_trip):
    folder = tmp_path / "new" / "folder"
    path = write_report(round_trip, compute_summary(round_trip), folder)
    assert path == folder / "report.html"
    path.write_text("old")
    assert write_report(round_trip, compute_summary(round_trip), str(folder)) == path
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert [file.name for file in folder.iterdir()] == ["report.html"]


def test_folder_that_is_a_file(tmp_path, round_trip):
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(
        EnvironmentFault, match=r"taken.report\.html: the report cannot be written: .*name another folder"
    ):
        write_report(round_trip, compute_summary(round_trip), tmp_path / "taken")
    assert (tmp_path / "taken").read_text() == "mine"


def test_failed_write_leaves_the_old_page_and_no_scraps(tmp_path, monkeypatch, round_trip):
    path = write_report(round_trip, compute_summary(round_trip), tmp_path)
    path.write_text("old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(EnvironmentFault, match="No space left on device"):
        write_report(round_trip, compute_summary(round_trip), tmp_path)
    assert path.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_seven_years_of_hours_stay_a_small_page(make_series, make_fill, make_result):
    generator = np.random.default_rng(7)
    closes = np.round(20_000 * np.exp(np.cumsum(generator.normal(0, 0.008, 58_419))), 2)
    volumes = np.round(generator.lognormal(7, 1, 58_419), 6)
    series = make_series(closes, volumes=volumes)
    fills = [
        make_fill(
            number,
            ("buy", "sell")[number % 2],
            "0.01234",
            str(Decimal(repr(float(closes[number * 20])))),
            series.close_times[number * 20],
        )
        for number in range(2_000)
    ]
    result = make_result(series, fills=fills)
    assert len(render_report(result, compute_summary(result))) < 5_000_000


def test_licence_of_the_charts_is_shipped():
    folder = resources.files("octobot.report").joinpath("static", "lightweight-charts")
    assert "Apache License" in folder.joinpath("LICENSE").read_text()
    assert "TradingView" in folder.joinpath("NOTICE").read_text(encoding="utf-8")
    assert (
        folder.joinpath("lightweight-charts.standalone.production.js")
        .read_text(encoding="utf-8")
        .startswith("/*!\n * @license")
    )
