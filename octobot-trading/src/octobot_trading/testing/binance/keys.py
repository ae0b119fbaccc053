# SPDX-License-Identifier: Apache-2.0
"""API keys, what they may do, and whether a request was signed with one."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass

from octobot_trading.testing.binance.parameters import Parameters, Refusal

_LONGEST_WINDOW, _USUAL_WINDOW, _AHEAD = 60_000, 5000, 1000


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key with its secret and its rights."""

    key: str = "key"
    secret: str = "secret"
    can_read: bool = True
    can_trade: bool = True
    can_withdraw: bool = False
    is_ip_restricted: bool = False

    def restrictions(self, created_ms: int) -> dict[str, object]:
        """As ``/sapi/v1/account/apiRestrictions`` tells them."""
        return {
            "ipRestrict": self.is_ip_restricted,
            "createTime": created_ms,
            "enableInternalTransfer": False,
            "enableFutures": False,
            "enablePortfolioMarginTrading": False,
            "enableVanillaOptions": False,
            "permitsUniversalTransfer": False,
            "enableReading": self.can_read,
            "enableSpotAndMarginTrading": self.can_trade,
            "enableWithdrawals": self.can_withdraw,
            "enableMargin": False,
        }


def check_time(parameters: Parameters, now_ms: int) -> None:
    """Refuse a request that is too old or from the future."""
    sent = parameters.integer("timestamp")
    if sent is None:
        parameters.text("timestamp")
        return
    window = parameters.integer("recvWindow") or _USUAL_WINDOW
    if window > _LONGEST_WINDOW:
        raise Refusal(-1131, f"Parameter 'recvWindow' must be less than {_LONGEST_WINDOW}.")
    if sent >= now_ms + _AHEAD:
        raise Refusal(-1021, "Timestamp for this request was 1000ms ahead of the server's time.")
    if now_ms - sent > window:
        raise Refusal(-1021, "Timestamp for this request is outside of the recvWindow.")


def check_signature(key: ApiKey, payload: str, signature: str) -> None:
    """Refuse what was not signed with the key's secret."""
    if not signature:
        raise Refusal(-1102, "Mandatory parameter 'signature' was not sent, was empty/null, or malformed.")
    if not hmac.compare_digest(sign(key.secret, payload), signature.lower()):
        raise Refusal(-1022, "Signature for this request is not valid.")


def signed_payload(query: str, body: str) -> str:
    """What the signature of a REST request is made of: query and body as they came, without the signature."""
    return "".join(re.sub(r"(^|&)signature=[^&]*", "", part) for part in (query, body))


def sign(secret: str, payload: str) -> str:
    """The signature of a payload."""
    return hmac.new(secret.encode(), payload.encode(), hashlib.sha256).hexdigest()
