# SPDX-License-Identifier: Apache-2.0
"""Which settings there are, what they default to, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from octobot_commons.errors import SettingError, UserInputError
from octobot_commons.user_inputs import UserInputs
from octobot_tentacles.trading_modes.daily.settings import DailySettings, register
from octobot_trading.modes.order_amounts import AmountUnit, OrderAmount

DEFAULTS = {
    "target_profits_mode": False,
    "use_prices_close_to_current_price": False,
    "close_to_current_price_difference": 0.005,
    "target_profits_mode_take_profit": 5,
    "target_profits_mode_enable_position_increase": False,
    "use_stop_orders": True,
    "target_profits_mode_stop_loss": 2.5,
    "buy_with_maximum_size_orders": False,
    "sell_with_maximum_size_orders": False,
    "buy_order_amount": "",
    "sell_order_amount": "",
    "disable_sell_orders": False,
    "disable_buy_orders": False,
    "max_currency_percent": 100,
    "required_strategies_min_count": 1,
}


def read(config: dict[str, Any]) -> DailySettings:
    return register(UserInputs(config, "DailyTradingMode", "specific_config/DailyTradingMode.json"), {})


def test_the_defaults_complete_an_empty_file() -> None:
    config: dict[str, Any] = {}
    assert read(config) == DailySettings()
    assert config == DEFAULTS


def test_percentages_become_fractions() -> None:
    settings = read(
        {
            "target_profits_mode_take_profit": 150,
            "target_profits_mode_stop_loss": 0.1,
            "max_currency_percent": 12.5,
            "use_prices_close_to_current_price": True,
            "close_to_current_price_difference": 0.02,
        }
    )
    assert settings.take_profit == Decimal("1.5")
    assert settings.stop_loss == Decimal("0.001")
    assert settings.max_currency_share == Decimal("0.125")
    assert settings.close_price_difference == Decimal("0.02")


def test_amounts_are_parsed() -> None:
    settings = read({"buy_order_amount": " 100q ", "sell_order_amount": "50a%"})
    assert settings.buy_order_amount == OrderAmount(Decimal(100), AmountUnit.QUOTE)
    assert settings.sell_order_amount == OrderAmount(Decimal(50), AmountUnit.AVAILABLE_PERCENT)


@pytest.mark.parametrize(("name", "text"), [("buy_order_amount", "lots"), ("sell_order_amount", "5p")])
def test_an_unusable_amount_names_file_setting_and_remedy(name: str, text: str) -> None:
    with pytest.raises(SettingError, match=text) as caught:
        read({name: text})
    assert caught.value.file == "specific_config/DailyTradingMode.json"
    assert caught.value.field == name
    assert caught.value.remedy


@pytest.mark.parametrize(
    "config",
    [
        {"max_currency_percent": 101},
        {"target_profits_mode_stop_loss": 100},
        {"target_profits_mode_take_profit": -1},
        {"close_to_current_price_difference": 1},
        {"required_strategies_min_count": 0},
        {"use_stop_orders": "yes"},
    ],
)
def test_values_out_of_bounds_are_refused(config: dict[str, Any]) -> None:
    with pytest.raises(UserInputError, match=next(iter(config))):
        read(config)
