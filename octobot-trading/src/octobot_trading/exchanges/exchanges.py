# SPDX-License-Identifier: Apache-2.0
"""The exchanges of this process by id, and which matrix each of them feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from octobot_trading.errors import UnknownExchangeError

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager

_managers: dict[str, ExchangeManager] = {}
_matrix_ids: dict[str, str] = {}


def register(exchange_manager: ExchangeManager, matrix_id: str | None = None) -> None:
    """Make an exchange known, and which matrix its evaluators write to."""
    _managers[exchange_manager.id] = exchange_manager
    if matrix_id is not None:
        _matrix_ids[exchange_manager.id] = matrix_id


def unregister(exchange_id: str) -> None:
    """Forget an exchange."""
    _managers.pop(exchange_id, None)
    _matrix_ids.pop(exchange_id, None)


def get_exchange_manager(exchange_id: str) -> ExchangeManager:
    """The exchange of this id.

    Raises:
        UnknownExchangeError: there is none.
    """
    try:
        return _managers[exchange_id]
    except KeyError:
        raise UnknownExchangeError(f"no exchange has the id {exchange_id!r}") from None


def get_exchange_id(exchange_name: str, matrix_id: str) -> str:
    """The id of the exchange of this name that feeds this matrix.

    Raises:
        UnknownExchangeError: there is none.
    """
    for exchange_id, manager in _managers.items():
        if manager.exchange_name == exchange_name and _matrix_ids.get(exchange_id) == matrix_id:
            return exchange_id
    raise UnknownExchangeError(f"no exchange named {exchange_name!r} feeds matrix {matrix_id!r}")
