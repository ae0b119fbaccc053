# SPDX-License-Identifier: Apache-2.0
"""A trading mode made of the base classes: what it decides, what it does, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from trading_world import PAIRS, SYMBOL, TradingWorld, order_request

from octobot_commons.configuration import Profile
from octobot_commons.errors import UnknownSettingError
from octobot_commons.notes import KnownNote
from octobot_trading.enums import EvaluatorStates, ExchangeTypes, OrderType
from octobot_trading.exchange_channel import get_chan
from octobot_trading.modes import (
    AbstractTradingMode,
    AbstractTradingModeConsumer,
    AbstractTradingModeProducer,
    create_trading_modes,
)
from octobot_trading.personal_data.orders.decision import Decision, DecisionRecord, current_decision
from octobot_trading.personal_data.orders.order import Order


class NoNotes:
    def get_strategy_notes(
        self, matrix_id: str, exchange_name: str, cryptocurrency: str, symbol: str, time_frame: str | None = None
    ) -> dict[str, Any]:
        return {}

    def remember_notes(
        self, matrix_id: str, exchange_name: str, cryptocurrency: str, symbol: str
    ) -> Callable[[], tuple[KnownNote, ...]]:
        return lambda: (KnownNote("SomeStrategy", "STRATEGIES", None, -0.5, 0.0, True),)


class DipProducer(AbstractTradingModeProducer):
    async def set_final_eval(
        self, matrix_id: str, cryptocurrency: str, symbol: str, time_frame: str | None, trigger_source: str
    ) -> None:
        self.final_eval = Decimal("-0.5")
        self.state = EvaluatorStates.LONG
        await self.submit_trading_evaluation(cryptocurrency, symbol, time_frame, self.final_eval, self.state)


class DipConsumer(AbstractTradingModeConsumer):
    async def create_new_orders(self, symbol: str, final_note: Decimal, state: str, **kwargs: Any) -> list[Order]:
        self.asked = (symbol, final_note, state, kwargs)
        amount = self.trading_mode.trading_config["amount"]
        return [await self.exchange_manager.trader.create_order(order_request("buy", OrderType.MARKET, amount))]


class DipTradingMode(AbstractTradingMode):
    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        self.UI.user_input("amount", "text", "1", inputs)

    def get_mode_producer_classes(self) -> list[type[AbstractTradingModeProducer]]:
        return [DipProducer]

    def get_mode_consumer_classes(self) -> list[type[AbstractTradingModeConsumer]]:
        return [DipConsumer]


class DipPerSymbolTradingMode(DipTradingMode):
    @classmethod
    def get_is_symbol_wildcard(cls) -> bool:
        return False


async def _modes(
    trading: TradingWorld, mode_class: type[AbstractTradingMode] = DipTradingMode, **settings: Any
) -> list[AbstractTradingMode]:
    profile = Profile(profile_id="test", name="Test")
    profile.tentacles_setup.get_config(mode_class).update(settings)
    return await create_trading_modes(mode_class, profile, trading.manager, PAIRS, NoNotes())


async def _decide(mode: AbstractTradingMode, cryptocurrency: str = "Bitcoin", symbol: str = SYMBOL) -> None:
    await mode.producers[0].set_final_eval("the matrix", cryptocurrency, symbol, "1h", "SomeStrategy")


async def test_a_decision_becomes_orders(trading: TradingWorld) -> None:
    await trading.listen("Mode")
    (mode,) = await _modes(trading)
    assert trading.manager.trading_modes == [mode]
    assert mode.get_current_state() == ("UNKNOWN", None)
    await _decide(mode)
    await trading.dispatcher.run_until_idle()
    assert mode.get_current_state() == ("LONG", Decimal("-0.5"))
    ((_, payload),) = trading.heard
    assert payload == {
        "exchange": "binance",
        "exchange_id": trading.manager.id,
        "final_note": Decimal("-0.5"),
        "state": "LONG",
        "trading_mode_name": "DipTradingMode",
        "cryptocurrency": "Bitcoin",
        "symbol": SYMBOL,
        "time_frame": "1h",
        "data": {},
        "dependencies": None,
    }
    rest = {"cryptocurrency": "Bitcoin", "time_frame": "1h", "data": {}, "dependencies": None}
    assert mode.consumers[0].asked == (SYMBOL, Decimal("-0.5"), "LONG", rest)  # type: ignore[attr-defined]
    assert len(trading.manager.orders_manager.get_open_orders()) == 1


async def test_orders_know_what_was_decided(trading: TradingWorld) -> None:
    (mode,) = await _modes(trading)
    trading.candle(1000, 1000, 1000, 900)
    mode.producers[0].rule = "dips are bought"
    await mode.producers[0].wake("the matrix", "Bitcoin", SYMBOL, "1h", "SomeStrategy")
    await trading.dispatcher.run_until_idle()
    trading.candle(900, 900, 900, 900)
    record = trading.manager.orders_manager.all_orders()[0].decision
    assert record is not None
    assert Decision.decode(record) == Decision(
        time=7200.0,
        trading_mode="DipTradingMode",
        cryptocurrency="Bitcoin",
        symbol=SYMBOL,
        time_frame="1h",
        trigger="SomeStrategy",
        state="LONG",
        final_note=Decimal("-0.5"),
        rule="dips are bought",
        price=Decimal(900),
        candles={},
        notes=NoNotes().remember_notes("", "", "", "")(),
    )
    order = await trading.order("buy", OrderType.MARKET, "1")
    assert order.decision is None, "an order of nobody's decision"


@pytest.mark.parametrize("bundles", [True, False])
async def test_what_a_fill_brings_up_knows_the_decision_of_its_parent(bundles: bool) -> None:
    world = TradingWorld(bundles_orders=bundles)
    await world.manager.initialize()
    world.candle(1000, 1000, 1000, 1000)
    exit_request = order_request("sell", OrderType.LIMIT, "1", "2000")
    decision = Decision(0.0, "M", "Bitcoin", SYMBOL, None, None, "LONG", Decimal(-1), None, None, {}, ())
    token = current_decision.set(DecisionRecord(lambda: decision))
    parent = await world.order("buy", OrderType.MARKET, "1", chained=(exit_request,))
    current_decision.reset(token)
    world.candle(1000, 1000, 1000, 1000)
    await world.manager.trader.submit_chained_orders()
    (child,) = world.manager.orders_manager.get_open_orders()
    assert (child.parent_id, child.decision) == (parent.order_id, decision.encode())
    await world.manager.stop()


async def test_settings_are_completed_and_misspelt_ones_refused(trading: TradingWorld) -> None:
    (mode,) = await _modes(trading)
    assert mode.trading_config == {"amount": "1"}
    with pytest.raises(UnknownSettingError, match="amount"):
        await _modes(trading, amuont="2")


async def test_a_refusal_is_counted_and_not_raised(trading: TradingWorld) -> None:
    (mode,) = await _modes(trading, amount="1000")
    await _decide(mode)
    await trading.dispatcher.run_until_idle()
    assert mode.consumers[0].refused_orders == 1
    assert trading.manager.orders_manager.all_orders() == []


async def test_one_instance_for_each_symbol_hears_its_own(trading: TradingWorld) -> None:
    modes = await _modes(trading, DipPerSymbolTradingMode)
    assert [(mode.cryptocurrency, mode.symbol) for mode in modes] == [
        ("Bitcoin", "BTC/USDT"),
        ("Ethereum", "ETH/USDT"),
        ("Ethereum", "ETH/BTC"),
    ]
    await _decide(modes[1], "Ethereum", "ETH/USDT")
    await trading.dispatcher.run_until_idle()
    assert [hasattr(mode.consumers[0], "asked") for mode in modes] == [False, True, False]


async def test_two_modes_do_not_hear_each_other(trading: TradingWorld) -> None:
    (first,) = await _modes(trading)
    other = (await _modes(trading, DipPerSymbolTradingMode))[0]
    await _decide(first)
    await trading.dispatcher.run_until_idle()
    assert not hasattr(other.consumers[0], "asked")


async def test_a_stopped_mode_neither_decides_nor_trades(trading: TradingWorld) -> None:
    (mode,) = await _modes(trading)
    producer = mode.producers[0]
    await mode.stop()
    assert (mode.producers, mode.consumers, producer.is_running) == ([], [], False)
    assert get_chan("Mode", trading.manager.id).get_consumers() == []
    await mode.stop()


async def test_a_mode_without_halves_says_what_to_override(trading: TradingWorld) -> None:
    bare = AbstractTradingMode(Profile(profile_id="x", name="X"), trading.manager)
    with pytest.raises(NotImplementedError, match="override get_mode_consumer_classes"):
        await bare.initialize()
    with pytest.raises(NotImplementedError, match="override get_mode_producer_classes"):
        bare.get_mode_producer_classes()
    with pytest.raises(NotImplementedError, match="override create_new_orders"):
        await AbstractTradingModeConsumer(bare).create_new_orders(SYMBOL, Decimal(0), "LONG")
    producer = AbstractTradingModeProducer(get_chan("Mode", trading.manager.id), bare.config, bare, trading.manager)
    with pytest.raises(NotImplementedError, match="override set_final_eval"):
        await producer.set_final_eval("the matrix", "Bitcoin", SYMBOL, None, "x")
    assert producer.takes_notes, "so that it says so"
    bare.REQUIRED_STRATEGIES = ()
    assert not producer.takes_notes
    assert bare.get_supported_exchange_types() == [ExchangeTypes.SPOT]
    assert bare.get_is_symbol_wildcard()


async def test_groups_of_a_mode_and_of_the_one_in_its_place_have_other_names(trading: TradingWorld) -> None:
    modes = [*await _modes(trading), *await _modes(trading)]
    names = [mode.consumers[0].new_group_id() for mode in modes for _ in range(2)]
    assert len(set(names)) == 4
    assert all(name.startswith("DipTradingMode-") for name in names)
