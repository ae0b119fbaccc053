# SPDX-License-Identifier: Apache-2.0
"""What triggers and conditions look at, and the settings that they share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from octobot_commons.errors import SettingError, did_you_mean
from octobot_commons.nested_inputs import DeclaresInputs
from octobot_tentacles.trading_modes.settings_form import SettingsForm
from octobot_trading.automations import Side
from octobot_trading.constants import ONE_HUNDRED
from octobot_trading.exchanges.market import WIDE
from octobot_trading.modes.wakes import Wakes

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager

_MOST = 1e15
_SHOWN = Decimal("0.01")


class Unit(StrEnum):
    """What a holding is counted in."""

    AMOUNT = "amount"
    PERCENT = "percent"


class Holding:
    """How much of an asset is held: an amount, or its share of the account's value at last prices."""

    def __init__(self, inputs: DeclaresInputs) -> None:
        form = SettingsForm(inputs, {})
        self.asset = form.text("asset", "", "Asset, like BTC")
        self.unit = Unit(form.choice("unit", Unit.AMOUNT.value, [one.value for one in Unit], "Counted in"))
        self.limit = form.decimal("holding", 0, "Amount, or percent of the account", maximum=_MOST)
        self.side = side_of(form)

    def problem(self) -> str | None:
        """What is wrong with its settings."""
        if not self.asset:
            return "asset names none"
        return "a share above 100 % cannot be" if self.unit is Unit.PERCENT and self.limit > ONE_HUNDRED else None

    def value(self, manager: ExchangeManager) -> Decimal | None:
        """In its unit; None where a price is not known."""
        total = manager.portfolio.total(self.asset)
        if self.unit is Unit.AMOUNT:
            return total
        value, unpriced = manager.performance.known_value()
        rate = manager.price_of(self.asset, manager.reference_market)
        if unpriced or rate is None or value <= 0:
            return None
        return WIDE.multiply(WIDE.divide(WIDE.multiply(total, rate), value), ONE_HUNDRED)

    def text(self, value: Decimal) -> str:
        """For people."""
        if self.unit is Unit.AMOUNT:
            return f"{number_text(value)} {self.asset} are held"
        return f"{percent_text(value)} of the account are {self.asset}"


def side_of(form: SettingsForm) -> Side:
    """The setting that says on which side of a threshold something happens."""
    return Side(form.choice("side", Side.BELOW.value, [one.value for one in Side], "Above or below it"))


def profit_percent_of(form: SettingsForm) -> Decimal:
    """The setting of a profit, or negative of a loss."""
    return form.decimal("profit_percent", 0, "Profit since the start, in percent", minimum=-100, maximum=_MOST)


def price_of(form: SettingsForm) -> Decimal:
    """The setting of a price."""
    return form.decimal("price", 0, "Price, in the symbol's quote", maximum=_MOST)


def symbol_of(form: SettingsForm) -> str:
    """The setting of a symbol."""
    return form.text("symbol", "", "Symbol, like BTC/USDT; empty for the first one")


def followed_symbol(manager: ExchangeManager, symbol: str) -> str:
    """The symbol, or the first one followed where it is empty.

    Raises:
        SettingError: it is not followed.
    """
    if symbol and symbol not in manager.symbols_data:
        remedy = did_you_mean(symbol, manager.symbols, f"followed are {', '.join(manager.symbols)}")
        raise SettingError(f"{symbol} is not followed", field="automations", remedy=remedy)
    return symbol or manager.symbols[0]


async def listen_to_price(wakes: Wakes, symbol: str, on_price: Callable[[Decimal], Awaitable[None]]) -> None:
    """Have ``on_price(price)`` awaited at each price of a symbol, ``*`` for all, that the Ticker channel tells of."""

    async def on_ticker(ticker: dict[str, Any], **_: Any) -> None:
        price = ticker.get("last")
        if price is not None:
            await on_price(price if isinstance(price, Decimal) else Decimal(repr(price)))

    await wakes.on("Ticker", on_ticker, symbol=symbol)


def number_text(value: Decimal) -> str:
    """Without the zeros at its end."""
    return f"{value.normalize(WIDE):f}"


def percent_text(value: Decimal) -> str:
    """With two decimals."""
    return f"{value.quantize(_SHOWN, context=WIDE)} %"
