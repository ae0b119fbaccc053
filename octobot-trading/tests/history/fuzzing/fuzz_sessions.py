# SPDX-License-Identifier: Apache-2.0
"""Recorded sessions: some that are made up, and others cut down to a few lines of each shape."""

from __future__ import annotations

import ast
import gzip
import json
import re
from typing import Any

_PREFIX = re.compile(r"(?:\S+ (?:<->|<-|->) )?\d+(?:\.\d+)?:? ?")
_OF_A_SHAPE, _LINES, _LIST = 2, 40, 3
_START = 1_700_000_000


def _binance() -> str:
    lines = []
    snapshot = '{"lastUpdateId":5,"bids":[["1.5","2"]],"asks":[["2.5","1"],["2.6","4"]]}'
    for i in range(1, 12):
        depth = {"e": "depthUpdate", "s": "BTCUSDT", "U": 5 + i, "u": 5 + i, "b": [["1.50", str(i)]], "a": []}
        trade = {"e": "trade", "s": "BTCUSDT", "t": i, "p": "2", "q": "1", "T": (_START + i) * 1000, "m": False}
        best = {"u": 5 + i, "s": "BTCUSDT", "b": "1.50", "B": str(i), "a": "2.50", "A": "1"}
        for name, data in (("depth", depth), ("trade", trade), ("bookTicker", best)):
            message = json.dumps({"stream": f"btcusdt@{name}", "data": data})
            lines.append(f"{_START + i}000000000 {message}")
        if i == 1:
            lines.append(f"{_START + i}000000000 {snapshot}")
    return "\n".join(lines) + "\n"


def _coinbase() -> str:
    market = {"product_id": "BTC-USD"}
    lines = [
        f"wss://ws-feed.pro.coinbase.com <-> {_START}.5",
        f'wss://ws-feed.pro.coinbase.com <- {_START}.6: {{"a":1}}',
    ]
    snapshot = {"type": "snapshot", **market, "bids": [["10.5", "1"]], "asks": [["11.5", "2"], ["12", "0.5"]]}
    messages: list[dict[str, Any]] = [{"type": "subscriptions"}, snapshot]
    for i in range(10):
        messages.append({"type": "l2update", **market, "changes": [["buy", "10.25", str(i)], ["sell", "11.75", "0"]]})
        told = {"trade_id": 40 + i, "side": "sell", "size": "0.5", "price": "10.5", "time": "2023-11-14T22:13:20.123Z"}
        messages.append({"type": "match", **market, **told})
        best = {"best_bid": "10.5", "best_ask": "11.5", "best_bid_size": "1", "best_ask_size": str(i + 1)}
        messages.append({"type": "ticker", **market, "price": "10.75", **best})
    return "\n".join([*lines, *(f"{_START + i}.25: {json.dumps(one)}" for i, one in enumerate(messages))])


def _kraken() -> str:
    told = [
        [7, {"as": [["11", "1", "1.5"]], "bs": [["10", "1", "1.5"]]}, "book-10", "XBT/USD"],
        *([7, {"b": [["10.0", str(i), "1.5"]], "c": "1"}, "book-10", "XBT/USD"] for i in range(8)),
        *([8, [["10.5", "0.1", f"{_START + i}.5", "b", "l", ""]], "trade", "XBT/USD"] for i in range(8)),
        *(
            [9, {"a": ["11", 1, "1"], "b": ["10", 1, "1"], "c": ["10.5", str(i)]}, "ticker", "XBT/USD"]
            for i in range(8)
        ),
    ]
    lines = [f"wss://ws.kraken.com <-> {_START}", f'{_START}: {{"event":"heartbeat"}}']
    return "\n".join([*lines, *(f"{_START + i}.5: {json.dumps(one)}" for i, one in enumerate(told))])


SESSIONS = {"binance": _binance(), "coinbase": _coinbase(), "kraken": _kraken()}


def cut_session(text: str) -> str:
    """A few lines of each shape, long lists in them cut short."""
    seen: dict[str, int] = {}
    kept: list[str] = []
    for line in text.split("\n"):
        if "bitmex" in text[:200] and kept and not _stands_alone(line):
            continue
        short, shape = _shortened(line)
        seen[shape] = seen.get(shape, 0) + 1
        if seen[shape] <= _OF_A_SHAPE and len(short) < 4000:
            kept.append(short)
        if len(kept) >= _LINES:
            break
    return "\n".join(kept)


def _stands_alone(line: str) -> bool:
    """Of BitMEX: in which asset others are settled is told elsewhere, as are the prices of levels that change."""
    return "XBTUSD" in line and '"action":"update"' not in line and '"action":"delete"' not in line


def _shortened(line: str) -> tuple[str, str]:
    match = _PREFIX.match(line)
    prefix = match[0] if match else ""
    text = line[len(prefix) :]
    if text.startswith(("b'", 'b"')):
        data: bytes = ast.literal_eval(text)
        text = (gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data).decode()
    try:
        message = _cut(json.loads(text))
    except ValueError:
        return line, re.sub(r"[\d.]+", "", line[:80])
    return prefix + json.dumps(message, separators=(",", ":"), ensure_ascii=False), _shape(message)


def _cut(value: Any) -> Any:
    if isinstance(value, list):
        # Kraken's messages are lists, told apart by their end.
        return [_cut(one) for one in (value if len(value) <= 8 else value[:_LIST])]
    return {key: _cut(one) for key, one in value.items()} if isinstance(value, dict) else value


def _shape(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{key}:{_shape(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return f"[{_shape(value[0]) if value else ''}{_shape(value[-1]) if len(value) > 3 else ''}]"
    return re.sub(r"[A-Z\d.:-]+", "", value) if isinstance(value, str) else type(value).__name__
