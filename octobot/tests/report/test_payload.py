# SPDX-License-Identifier: Apache-2.0
import json
from decimal import Decimal

import pytest

from octobot.report import compute_summary, display
from octobot.report.payload import build_payload, payload_text

START, HOUR = 1_704_067_200.0, 3_600.0


def payload_of(result):
    return json.loads(payload_text(build_payload(result, compute_summary(result))))


def test_round_trip(round_trip):
    payload = payload_of(round_trip)
    assert payload["resampled_seconds"] is None
    (series,) = payload["series"]
    assert series["times"] == {"first": START, "runs": [HOUR, 4]}
    assert payload["curves"]["times"] == series["times"]
    scale = 10 ** payload["curves"]["equity"]["decimals"]
    assert payload["curves"]["equity"]["deltas"][0] / scale == 999
    buy, sell = payload["fills"]
    # Filled at the open of the second candle, and at that of the fifth.
    assert buy == [START + HOUR, START + HOUR, "BTC/USDT", "buy", "1", "100", "100", "0.01", "BTC", None, None]
    assert sell[:4] == [START + 4 * HOUR, START + 4 * HOUR, "BTC/USDT", "sell"]
    assert sell[-2:] == ["17.612", 17.612]
    assert "closed_trades" not in payload["summary"]


def test_long_series_are_joined_and_say_so(monkeypatch, make_series, make_fill, make_result):
    monkeypatch.setattr(display.bucket_seconds, "__defaults__", (10,))
    fills = [make_fill(1, "buy", "1", "7", START + 7 * HOUR)]
    payload = payload_of(make_result(make_series(range(1, 41)), fills=fills))
    assert payload["resampled_seconds"] == 4 * HOUR
    assert payload["series"][0]["times"] == {"first": START, "runs": [4 * HOUR, 9]}
    assert len(payload["curves"]["equity"]["deltas"]) == 10
    assert payload["fills"][0][:2] == [START + 7 * HOUR, START + 4 * HOUR]
    # Figures come from all candles.
    assert payload["summary"]["span"]["candles"] == 40


def test_fill_of_a_symbol_without_candles_has_no_place(make_series, make_fill, make_result):
    fills = [make_fill(1, "buy", "1", "7", START, symbol="ETH/USDT")]
    assert payload_of(make_result(make_series([1, 2]), fills=fills))["fills"][0][1] is None


def test_gaps_are_listed(make_series, make_result):
    series = make_series([100] * 4, times=[START, START + HOUR, START + 4 * HOUR, START + 5 * HOUR])
    assert payload_of(make_result(series))["series"][0]["gaps"] == [[START + 2 * HOUR, START + 4 * HOUR, 2]]


def test_orders_have_the_columns_that_say_something(make_series, make_result):
    orders = [
        {
            "order_id": "o1",
            "quantity": Decimal("1.50"),
            "price": None,
            "fees": {"BTC": Decimal("0.10")},
            "cause": {"a": 1},
        },
        {"order_id": "o2", "quantity": Decimal(2), "price": None, "fees": {}, "tag": ["x"]},
    ]
    table = payload_of(make_result(make_series([1, 2]), orders=orders))["orders"]
    assert table["columns"] == ["quantity", "fees", "tag", "order_id"]
    assert table["rows"] == [["1.5", "0.1 BTC", None, "o1"], ["2", "", '["x"]', "o2"]]


def test_no_candles(make_result):
    payload = payload_of(make_result())
    assert payload["series"] == []
    assert payload["curves"] is None


def test_text_cannot_end_the_element_it_stands_in():
    text = payload_text({"a": "</script><!-- & \u2028 é"})
    assert not set(text) & set("<>&")
    assert text.isascii()
    assert json.loads(text) == {"a": "</script><!-- & \u2028 é"}


def test_numbers_that_are_none_never_reach_the_page():
    with pytest.raises(ValueError, match="not JSON compliant"):
        payload_text({"a": float("nan")})
