# SPDX-License-Identifier: Apache-2.0
"""Hands orders to an exchange so that none is ever handed in twice, whatever is lost on the way.

Before anything is sent, the intent and its client order id are on the disk. When there is no clear answer the exchange
is asked for the order by that id, until it answers. An order that is not there may still be on its way, or not be
visible yet: it counts as never taken only when the exchange says so ``request_lifetime_seconds`` after it was sent.
"""

from __future__ import annotations

from typing import Final

from octobot_commons.clock import Clock
from octobot_commons.logging import get_logger
from octobot_trading.errors import NotTaken, OrderRefused, OutcomeUnknown, TemporaryFault
from octobot_trading.exchanges.exchange import Exchange
from octobot_trading.personal_data.orders.intents.intent import Intent, IntentStatus
from octobot_trading.personal_data.orders.intents.store import IntentStore
from octobot_trading.personal_data.orders.order_request import OrderRequest

#: Seconds between two looks for an order; the last one again and again.
_PAUSES: Final = (0.0, 0.5, 1.0, 2.0, 4.0)
_LONGEST_PAUSE: Final = 60.0
#: Seconds between two requests for a cancel that gets no answer; then whoever asked is told.
_CANCEL_PAUSES: Final = (0.5, 1.0, 2.0, 4.0, 8.0)


class OrderSender:
    """Of one account on one exchange."""

    def __init__(self, exchange: Exchange, clock: Clock, intents: IntentStore) -> None:
        self._exchange = exchange
        self._clock = clock
        self._intents = intents
        self._logger = get_logger(f"{type(self).__name__}[{exchange.name}]")

    async def intend(self, request: OrderRequest, parent_id: str | None = None) -> Intent:
        """Keep what is about to be asked.

        Raises:
            DuplicateOrder: its client order id was used before.
            EnvironmentFault: it cannot be kept, so it must not be asked.
        """
        return await self._intents.record(request, self._clock.now(), parent_id, self._exchange.client_order_id)

    async def send(self, intent: Intent) -> str:
        """``Exchange.create_order``, with an answer that is certain.

        Raises:
            OrderRefused: nothing was changed.
            NotTaken: the exchange knows nothing of the order, and will not.
            TemporaryFault: the exchange has not looked at it.
        """
        try:
            order_id = await self._exchange.create_order(intent.request)
        except (OrderRefused, TemporaryFault):
            await self._intents.settle(intent.settled(IntentStatus.REFUSED))
            raise
        except OutcomeUnknown as error:
            self._logger.warning("the order of intent %s got no answer: %s", intent.intent_id, error)
            return await self._resolve(intent, self._clock.now())
        await self._intents.settle(intent.settled(IntentStatus.ACCEPTED, order_id))
        return order_id

    async def cancel(self, order_id: str) -> bool:
        """``Exchange.cancel_order``, asked again where there was no answer: asking twice is harmless.

        False where an earlier request that got no answer was carried out after all: the exchange tells how it ended.

        Raises:
            OutcomeUnknown, TemporaryFault: it got no answer for too long.
        """
        for pause in _CANCEL_PAUSES:
            try:
                return await self._exchange.cancel_order(order_id)
            except (OutcomeUnknown, TemporaryFault) as error:
                self._logger.warning("the cancel of order %s got no answer: %s", order_id, error)
                asked = error.retry_after_seconds if isinstance(error, TemporaryFault) else None
                await self._clock.sleep(max(asked or 0.0, pause))
        return await self._exchange.cancel_order(order_id)

    async def reconcile(self) -> list[Intent]:
        """Find out what became of the intents that an earlier run has left without an answer; all are settled then."""
        settled = []
        for intent in await self._intents.unsettled():
            try:
                order_id = await self._resolve(intent, intent.time)
            except NotTaken:
                settled.append(intent.settled(IntentStatus.NOT_TAKEN))
            else:
                settled.append(intent.settled(IntentStatus.ACCEPTED, order_id))
        return settled

    async def _resolve(self, intent: Intent, sent_time: float) -> str:
        """The id of the order that an intent has become."""
        is_final_from = sent_time + self._exchange.request_lifetime_seconds
        looks, pause = 0, 0.0
        while True:
            await self._clock.sleep(pause)
            is_final = self._clock.now() >= is_final_from
            try:
                found = await self._exchange.find_order(intent.request.symbol, intent.client_order_id)
            except TemporaryFault as fault:
                pause = max(fault.retry_after_seconds or 0.0, min(_LONGEST_PAUSE, 2 * pause or 1.0))
                self._logger.warning("it cannot be asked for the order of intent %s: %s", intent.intent_id, fault)
                continue
            if found is not None:
                await self._intents.settle(intent.settled(IntentStatus.ACCEPTED, found.order_id))
                return found.order_id
            if is_final:
                await self._intents.settle(intent.settled(IntentStatus.NOT_TAKEN))
                raise NotTaken(
                    f"{intent.request.symbol}: {self._exchange.name} knows nothing of order {intent.client_order_id}",
                    remedy="the request was lost: decide anew, at today's price",
                )
            looks += 1
            pause = _PAUSES[min(looks, len(_PAUSES) - 1)]
