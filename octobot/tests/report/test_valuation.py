# SPDX-License-Identifier: Apache-2.0
from decimal import ROUND_UP, Context, Decimal, Inexact, Underflow, localcontext

import pytest

from octobot.report.valuation import PriceTable, exact, rounded_money

START, HOUR = 1_704_067_200.0, 3_600.0


def test_reference_market_is_worth_one(make_series):
    table = PriceTable({"BTC/USDT": make_series([100, 110])}, "USDT")
    assert table.prices("USDT").tolist() == [1, 1]
    assert table.first_price("USDT") == table.last_price("USDT") == 1


def test_asset_is_priced_through_a_chain_of_symbols(make_series):
    candles = {"BTC/USDT": make_series([100, 200]), "ETH/BTC": make_series([0.5, 0.25], symbol="ETH/BTC")}
    table = PriceTable(candles, "USDT")
    assert table.prices("ETH").tolist() == [50, 50]
    assert table.last_price("ETH") == Decimal(50)


def test_quote_of_the_reference_market_is_priced_by_the_inverse(make_series):
    table = PriceTable({"BTC/USDT": make_series([100, 200])}, "BTC")
    assert table.prices("USDT").tolist() == [0.01, 0.005]
    assert table.last_price("USDT") == Decimal("0.005")


def test_unreachable_asset_is_unknown(make_series):
    table = PriceTable({"BTC/USDT": make_series([100])}, "USDT")
    assert not table.knows("DOGE")
    with pytest.raises(KeyError):
        table.prices("DOGE")


def test_axis_is_the_union_and_missing_candles_keep_the_last_close(make_series):
    candles = {
        "BTC/USDT": make_series([100, 110, 120, 130, 140]),
        "ETH/USDT": make_series(
            [20, 25, 30], symbol="ETH/USDT", first_open=10, times=[START + HOUR * n for n in (1, 2, 4)]
        ),
    }
    table = PriceTable(candles, "USDT")
    assert table.start_time == START
    assert table.close_times.tolist() == [START + HOUR * n for n in (1, 2, 3, 4, 5)]
    # Before its first candle the first open, in the gap the last close.
    assert table.prices("ETH").tolist() == [10, 20, 25, 25, 30]


def test_price_at_knows_only_what_has_closed(make_series):
    table = PriceTable({"BTC/USDT": make_series([100, 110], first_open=90)}, "USDT")
    assert table.price_at("BTC", START) == 90
    assert table.price_at("BTC", START + HOUR - 1) == 90
    assert table.price_at("BTC", START + HOUR) == 100
    assert table.price_at("BTC", START + 99 * HOUR) == 110


def test_no_candles_at_all():
    table = PriceTable({}, "USDT")
    assert table.start_time is None
    assert len(table.close_times) == 0
    assert table.first_price("USDT") == 1


def test_exact_reads_a_price_as_it_was_written():
    assert exact(0.1) == Decimal("0.1")
    assert exact(61234.56) == Decimal("61234.56")


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("1E+3", "1000"),
        ("0", "0"),
        ("1.50", "1.5"),
        ("0.00000000005", "0"),
        ("123456789012345678901.12345678915", "123456789012345678901.1234567892"),
    ],
)
def test_rounded_money(amount, text):
    assert str(rounded_money(Decimal(amount))) == text
    with localcontext(Context(prec=4, rounding=ROUND_UP, traps=[Underflow, Inexact])):
        assert str(rounded_money(Decimal(amount))) == text
