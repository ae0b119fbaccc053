# SPDX-License-Identifier: Apache-2.0
"""Conditions, actions, and how they are wired together and written down."""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable
from decimal import Decimal
from importlib import metadata
from typing import Any

import pytest

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.declared_settings import declare_settings
from octobot_commons.errors import ConfigurationError, EnvironmentFault, SettingError, TentacleLoadError
from octobot_commons.notifications import Notification, NotificationLevel
from octobot_commons.settings_schema import settings_schema
from octobot_tentacles.automations.automations import Automations
from octobot_trading.automations import (
    AbstractAction,
    AbstractCondition,
    AbstractTriggerEvent,
    AutomationContext,
    registry,
)
from octobot_trading.automations.registry import find_parts
from octobot_trading.enums import OrderStatus
from octobot_trading.errors import ProtectionRefused

One = Callable[..., dict[str, Any]]
Make = Callable[..., Awaitable[Any]]
D = Decimal
BELOW_900 = {"name": "PriceThreshold", "price": 900}


async def crossings(account: Any, *pairs: tuple[float, float]) -> list[int]:
    """Cross 900 downwards at each price, minutes after the one before; how often it was told each time."""
    told = []
    for price, minutes in pairs:
        await account.price(1000, after_minutes=minutes / 2)
        told.append(await account.price(price, after_minutes=minutes / 2))
    return told


@pytest.mark.parametrize(
    ("conditions", "told"),
    [
        ((), [1, 2, 3]),
        (({"name": "NoCondition"},), [1, 2, 3]),
        (({"name": "MinimumDelay", "delay_minutes": 60},), [1, 1, 2]),
        (({"name": "MinimumDelay", "delay_minutes": 60.5},), [1, 1, 1]),
        (({"name": "ProfitabilityCondition", "profit_percent": -6, "side": "below"},), [0, 1, 2]),
        (({"name": "ProfitabilityCondition", "profit_percent": -6, "side": "above"},), [1, 1, 1]),
        (({"name": "HoldingCondition", "asset": "BTC", "holding": 1, "side": "above"},), [1, 2, 3]),
        (({"name": "HoldingCondition", "asset": "BTC", "holding": 0.5, "side": "below"},), [0, 0, 0]),
        (({"name": "HoldingCondition", "asset": "BTC", "unit": "percent", "holding": 46},), [0, 1, 2]),
        # All of them must hold.
        (({"name": "NoCondition"}, {"name": "ProfitabilityCondition", "profit_percent": -6},
          {"name": "MinimumDelay", "delay_minutes": 60}), [0, 1, 1]),
    ],
)  # fmt: skip
async def test_conditions(make: Make, automation: One, conditions: tuple[dict[str, Any], ...], told: list[int]) -> None:
    """At 900, thirty minutes later at 800, thirty more later at 850: a loss of 5, 10 and 7.5 %."""
    account = await make(automation(BELOW_900, conditions=conditions))
    assert await crossings(account, (900, 30), (800, 30), (850, 30)) == told


async def test_what_does_not_hold_is_explained(make: Make, automation: One) -> None:
    account = await make(automation(BELOW_900, conditions=({"name": "HoldingCondition", "asset": "ETH", "side": "above",
                                                            "holding": 1},)))  # fmt: skip
    await crossings(account, (899, 2))
    assert account.said == [
        "the price of BTC/USDT is 899, below 900: nothing is done, as HoldingCondition does not hold"
    ]


async def test_everything_is_sold(make: Make, automation: One) -> None:
    account = await make(automation(BELOW_900, {"name": "SellAll"}))
    await account.order("buy", "2", symbol="ETH/USDT")
    await account.price(100, "ETH/USDT")
    entry, exit_ = await account.order("buy", "1", "500"), await account.order("sell", "0.5", "2000")
    await account.price(890)
    assert entry.status is exit_.status is OrderStatus.CANCELED
    await account.price(890)
    await account.price(100, "ETH/USDT")
    assert account.manager.portfolio.totals() == {"USDT": D(1890), "BTC": 0, "ETH": 0}
    assert account.said == [
        "the price of BTC/USDT is 890, below 900: sell 1 BTC/USDT; sell 2 ETH/USDT; 2 open orders were cancelled"
    ]
    sale = account.manager.orders_manager.all_orders()[-1]
    assert sale.request.cause == {"automation": "the price of BTC/USDT is 890, below 900"}


async def test_nothing_to_sell_and_what_cannot_be_sold_are_told(make: Make, automation: One) -> None:
    account = await make(automation({"name": "PriceThreshold", "symbol": "ETH/USDT", "price": 90}, {"name": "SellAll"}))
    account.manager.get_symbol_data("BTC/USDT").price = None
    await account.price(80, "ETH/USDT")
    assert account.said[0].endswith("nothing to sell; BTC: no price of BTC/USDT is known; 0 open orders were cancelled")


@pytest.mark.parametrize(("symbol", "left"), [("", []), ("BTC/USDT", ["ETH/USDT"]), ("ETH/USDT", ["BTC/USDT"])])
async def test_open_orders_are_cancelled(make: Make, automation: One, symbol: str, left: list[str]) -> None:
    account = await make(automation(BELOW_900, {"name": "CancelOpenOrders", "symbol": symbol}))
    await account.order("buy", "1", "500")
    await account.order("buy", "1", "50", symbol="ETH/USDT")
    await account.price(890)
    assert [one.symbol for one in account.manager.orders_manager.get_open_orders()] == left


async def test_trading_is_stopped_and_exits_go_on(make: Make, automation: One) -> None:
    account = await make(automation(BELOW_900, {"name": "StopTrading"}))
    await account.order("buy", "0.1", "500")
    await crossings(account, (890, 2), (880, 2))
    with pytest.raises(ProtectionRefused, match=r"until the next start: the price of BTC/USDT is 890,"):
        await account.order("buy", "0.1", "500")
    await account.order("sell", "1", "2000")
    assert len(account.manager.orders_manager.get_open_orders()) == 2
    assert len(account.manager.protections.all) == 1


async def test_the_user_is_told(make: Make, automation: One) -> None:
    class Broken:
        async def notify(self, notification: Notification) -> None:
            raise EnvironmentFault("no connection")

    action = {"name": "SendNotification", "message": "Look", "level": "warning"}
    account = await make(automation(BELOW_900, action, {"name": "SendNotification"}), notifiers=(Broken(),))
    await account.price(890)
    reason = "the price of BTC/USDT is 890, below 900"
    now = account.clock.now()
    assert account.told == [
        Notification(now, "Automations", f"Look: {reason}", NotificationLevel.WARNING),
        Notification(now, "Automations", reason, NotificationLevel.INFO),
    ]


async def test_an_action_that_fails_does_not_keep_the_next_from_being_run(make: Make, automation: One) -> None:
    account = await make(automation(BELOW_900, {"name": "CancelOpenOrders"}, {"name": "SendNotification"}))

    async def fail(*_: Any) -> Any:
        raise EnvironmentFault("no connection")

    account.manager.trader.cancel_open_orders = fail
    assert await account.price(890) == 1
    assert account.said[0].endswith(": CancelOpenOrders failed: no connection")


async def test_several_automations_and_their_end(make: Make, automation: One) -> None:
    account = await make(automation(BELOW_900), automation({"name": "PriceThreshold", "price": 800}),
                         automation({"name": "PeriodElapsed", "period_minutes": 60}))  # fmt: skip
    assert await account.price(850) == 1
    assert await account.price(790, after_minutes=70) == 3
    assert [one.executions for one in account.automations.automations] == [1, 1, 1]
    await account.automations.stop()
    assert await account.price(1000, after_minutes=70) == 3
    assert await account.price(700, after_minutes=70) == 3


async def test_what_its_own_actions_bring_about_does_not_fire_it_again(make: Make, automation: One) -> None:
    trigger = {"name": "HoldingThreshold", "asset": "USDT", "holding": 500, "side": "above"}
    account = await make(automation(trigger, {"name": "SellAll"}))
    await account.order("buy", "1", symbol="ETH/USDT")
    for _ in range(3):
        await account.price(100, "ETH/USDT")
        await account.price(1000)
    (running,) = account.automations.automations
    assert running.executions == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda one: one.pop("trigger_event"), "automations[1].trigger_event: names no trigger (write {"),
        (lambda one: one["trigger_event"].pop("name"), "automations[1].trigger_event: names no trigger (write {"),
        (lambda one: one.update(conditions=5), "[1].conditions: expected a list of named conditions (write []"),
        (lambda one: one.update(actions=[]), "automations[1].actions: expected a list of named actions (write [{"),
        (lambda one: one["actions"][0].update(name="SelAll"),
         "automations[1].actions[0].name: 'SelAll' is no action (did you mean SellAll?)"),
        (lambda one: one["conditions"][0].update(name="SellAll"),
         "automations[1].conditions[0].name: 'SellAll' is no condition (one of HoldingCondition, "),
        (lambda one: one["trigger_event"].update(name="X"), "trigger_event.name: 'X' is no trigger (one of Holding"),
        (lambda one: one["trigger_event"]["settings"].update(price=0), "[1].trigger_event.settings: price must"),
        (lambda one: one["trigger_event"]["settings"].update(price="5"),
         "automations[1].trigger_event.settings.price: expected a number, got '5'"),
        (lambda one: one["trigger_event"]["settings"].update(side="up"), "settings.side: 'up' is none of the options"),
        (lambda one: one["trigger_event"]["settings"].update(simbol="x"), "settings.simbol: Automations has no such"),
        (lambda one: one["conditions"][0]["settings"].update(asset=""), "conditions[0].settings: asset names none"),
        (lambda one: one["conditions"][0]["settings"].update(unit="percent", holding=101), "a share above 100 %"),
        (lambda one: one["trigger_event"].update(settings=[]), "trigger_event.settings: expected"),
    ],
)  # fmt: skip
async def test_mistakes_in_settings_are_told(
    make: Make, automation: One, change: Callable[[dict[str, Any]], Any], message: str
) -> None:
    condition = {"name": "HoldingCondition", "asset": "BTC"}
    wrong = automation(BELOW_900, {"name": "SellAll"}, conditions=(condition,))
    change(wrong)
    settings = {"automations": [automation(BELOW_900), wrong]}
    with pytest.raises(ConfigurationError) as raised:
        await make(*copy.deepcopy(settings["automations"]))
    assert message in str(raised.value)
    found = declare_settings(Automations, TentaclesSetupConfig(configs={"Automations": settings})).problems
    assert any(message in str(one) for one in found)


async def test_an_unknown_symbol_is_told_at_the_start_and_nothing_is_left_running(make: Make, automation: One) -> None:
    with pytest.raises(SettingError, match=r"LTC/USDT is not followed \(did you mean BTC/USDT\?\)"):
        await make(automation(BELOW_900), automation({"name": "PriceThreshold", "price": 5, "symbol": "LTC/USDT"}))


def test_what_is_no_list_of_objects_is_told() -> None:
    for wrong in ([5], ["SellAll"], [[]]):
        setup = TentaclesSetupConfig(configs={"Automations": {"automations": wrong}})
        (problem,) = declare_settings(Automations, setup).problems
        assert (problem.field, problem.message) == ("automations", "expected a list of objects")


def test_defaults_are_completed_and_saved_values_stay() -> None:
    saved = {"automations": [{"trigger_event": {"name": "PriceThreshold", "settings": {"price": 5}},
                              "actions": [{"name": "SellAll"}]}]}  # fmt: skip
    declared = declare_settings(Automations, TentaclesSetupConfig(configs={"Automations": saved}))
    assert declared.problems == []
    assert declared.inputs.config == {
        "automations": [
            {
                "trigger_event": {
                    "name": "PriceThreshold",
                    "settings": {"symbol": "", "price": 5, "side": "below"},
                },
                "conditions": [],
                "actions": [{"name": "SellAll", "settings": {}}],
            }
        ]
    }


def test_the_schema_has_every_part_and_its_settings() -> None:
    (element,) = [settings_schema(Automations)["properties"]["automations"]["items"]["properties"]]
    trigger = element["trigger_event"]["properties"]
    assert trigger["name"]["enum"][:-1] == sorted(find_parts(AbstractTriggerEvent))
    assert {"price", "period_minutes", "move_percent", "profit_percent", "holding"} <= trigger["settings"][
        "properties"
    ].keys()
    actions = element["actions"]["items"]["properties"]
    assert {"message", "symbol"} <= actions["settings"]["properties"].keys()


@pytest.mark.parametrize("kind", [AbstractTriggerEvent, AbstractCondition, AbstractAction])
def test_settings_of_one_name_are_the_same_in_every_part(kind: type[Any]) -> None:
    """The schema tells of each name once."""
    known: dict[str, Any] = {}

    class Inputs:
        file = None

        def user_input(self, name: str, input_type: Any, default: Any, inputs: Any, **properties: Any) -> Any:
            rules = (input_type, default, {key: properties.get(key) for key in ("min_val", "max_val", "options")})
            if name != "symbol":
                assert known.setdefault(name, rules) == rules
            return default

    for part in find_parts(kind).values():
        made = part(None)
        made.init_user_inputs(Inputs())
        assert made.get_name() == part.__name__


async def test_bases_say_what_to_override(make: Make) -> None:
    account = await make()
    context = AutomationContext(account.manager)
    with pytest.raises(NotImplementedError, match="never fires: override start"):
        await AbstractTriggerEvent(context).start(None, None)  # type: ignore[arg-type]
    with pytest.raises(NotImplementedError, match="override is_met"):
        AbstractCondition(context).is_met(None)  # type: ignore[arg-type]
    with pytest.raises(NotImplementedError, match="override run"):
        await AbstractAction(context).run(None)  # type: ignore[arg-type]


def test_a_part_that_cannot_be_imported_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = metadata.EntryPoint("Broken", "no_such_module:Broken", registry.PARTS_GROUP)
    monkeypatch.setattr(metadata, "entry_points", lambda group: [broken])
    registry._all_parts.cache_clear()
    try:
        with pytest.raises(TentacleLoadError, match="part Broken of automations cannot be imported: ModuleNotFound"):
            find_parts(AbstractAction)
    finally:
        registry._all_parts.cache_clear()
