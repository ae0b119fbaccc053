# SPDX-License-Identifier: Apache-2.0
"""One intent to create an order.

::

    ASKED ──▶ ACCEPTED    the exchange has taken it: order_id names it there
      │  └──▶ REFUSED     the exchange has not, and said so
      └─────▶ NOT_TAKEN   the exchange knows nothing of it, and no request is on its way any more

ASKED is what is found after a crash, or after a request that got no answer: it may have been taken or not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import msgspec

from octobot_trading.personal_data.orders.cancel_policies import CancelPolicy
from octobot_trading.personal_data.orders.order_request import OrderRequest


class IntentStatus(StrEnum):
    """What is known of an intent."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    NOT_TAKEN = "not_taken"


@dataclass(frozen=True, slots=True)
class Intent:
    """``request`` has the client order id under which it is sent, and sent again. ``time`` is in Unix seconds."""

    intent_id: str
    request: OrderRequest
    time: float
    parent_id: str | None = None
    status: IntentStatus = IntentStatus.ASKED
    order_id: str | None = None

    @property
    def client_order_id(self) -> str:
        """Under which the exchange knows it."""
        assert self.request.client_order_id is not None
        return self.request.client_order_id

    def settled(self, status: IntentStatus, order_id: str | None = None) -> Intent:
        """What became of it."""
        return replace(self, status=status, order_id=order_id)


def encode_request(request: OrderRequest) -> str:
    """A request as JSON, to which ``decode_request`` is the way back, but that Decimals in its cause become texts."""
    return msgspec.json.encode(_content(request)).decode()


def decode_request(text: str) -> OrderRequest:
    """The request that was encoded.

    Raises:
        ValueError: it is none, or has a cancel policy that nobody has defined any more.
    """
    return _request(msgspec.json.decode(text, type=dict[str, Any]))


def _content(request: OrderRequest) -> dict[str, Any]:
    content: dict[str, Any] = msgspec.to_builtins(replace(request, chained=(), cancel_policy=None))
    policy = request.cancel_policy
    if policy is not None:
        content["cancel_policy"] = {"name": type(policy).__name__, "values": msgspec.to_builtins(policy)}
    return {**content, "chained": [_content(one) for one in request.chained]}


def _request(content: dict[str, Any]) -> OrderRequest:
    chained, policy = content.pop("chained", ()), content.pop("cancel_policy", None)
    request = msgspec.convert(content, OrderRequest)
    if policy is not None:
        request = replace(request, cancel_policy=msgspec.convert(policy["values"], _policy(policy["name"])))
    return replace(request, chained=tuple(_request(one) for one in chained))


def _policy(name: str) -> type[CancelPolicy]:
    # The newest of a name: a dataclass with slots is made a second time, and the first one may be listed still.
    for policy in reversed(CancelPolicy.__subclasses__()):
        if policy.__name__ == name:
            return policy
    raise ValueError(f"the cancel policy {name} is not there")
