# SPDX-License-Identifier: Apache-2.0
"""Every recorded order-book session through `octobot data import`, with what it must find."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "orderbook"
#: Lines and used lines of each session.
LINES = {
    "binance": (99_846, 99_841),
    "binanceusdm": (95_496, 95_426),
    "binanceusdm, CSV": (200, 200),
    "binancecoinm": (48_270, 48_270),
    "bitflyer": (1_151, 1_103),
    "bitmex": (2_126, 2_090),
    "bybit": (4_464, 4_420),
    "bybit, archive": (50, 50),
    "coinbase": (9_952, 9_943),
    "deribit": (143, 135),
    "gemini": (753, 671),
    "gemini, ccapi": (72_180, 72_180),
    "huobi": (391, 336),
    "hyperliquid": (55, 55),
    "kraken": (4_438, 4_305),
    "kucoin": (4_746, 4_710),
    "okx": (440, 392),
    "upbit": (453, 449),
}
#: Snapshots, deltas, those not applied, sequence breaks, crossed states, checksums verified and failed of all books.
REPLAYED = [72_808, 66_652, 133, 1, 0, 4_559, 0]
#: Stored series and records of each kind; a book level is a row.
STORED = {
    "order_book": (111, 1_390_074),
    "trades": (75, 45_202),
    "tickers": (72, 160_510),
    "funding": (8, 8),
    "mark": (20, 99),
}


def test_all_recorded_sessions(octobot: Callable[..., Any]) -> None:
    files = sorted(FOLDER.glob("*/*"))
    if not files:
        pytest.skip(f"the recorded sessions are not at hand: {FOLDER}")
    done = octobot("data", "import", *files)
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    found = [line.split() for line in lines if " lines: " in line]
    assert sorted((_count(words[0]), _count(words[2])) for words in found) == sorted(LINES.values())
    assert all(words[-2:] == ["0", "unusable"] for words in found)
    replays = [map(_count, re.findall(r"\d[\d,]*", line)) for line in lines if " snapshots and " in line]
    assert [sum(counts) for counts in zip(*replays, strict=True)] == REPLAYED
    listed = Counter[str]()
    records = Counter[str]()
    missing = []
    for line in json.loads(octobot("data", "list", "--json").out):
        listed[line["kind"]] += 1
        records[line["kind"]] += line["records"]
        missing += [[line["exchange"], line["symbol"]]] if line["missing"] else []
    assert {kind: (listed[kind], records[kind]) for kind in listed} == STORED
    assert missing == [["binanceusdm", "BTC/USDT:USDT"]]


def test_a_session_without_its_instruments_is_refused_where_names_do_not_tell(octobot: Callable[..., Any]) -> None:
    file = FOLDER / "cryptofeed" / "BITMEX.ws.1.0.xz"
    if not file.exists():
        pytest.skip(f"the recorded sessions are not at hand: {FOLDER}")
    refused = octobot("data", "import", file)
    assert refused.code == 3
    assert "cannot be told" in refused.err
    assert "list of instruments" in refused.err


def _count(text: str) -> int:
    return int(text.replace(",", ""))
