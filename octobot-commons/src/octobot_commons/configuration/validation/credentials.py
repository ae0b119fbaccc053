# SPDX-License-Identifier: Apache-2.0
"""API keys, which no profile carries: profiles are handed on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_SECRETS = frozenset(
    {
        "accesstoken",
        "apikey",
        "apipassphrase",
        "apipassword",
        "apisecret",
        "passphrase",
        "password",
        "privatekey",
        "secret",
        "secretkey",
        "token",
        "walletprivatekey",
    }
)
#: How files say that a key is to be filled in.
_PLACEHOLDER = re.compile(r"your-.*|<.*>|\*+", re.IGNORECASE)


def find_credentials(content: Any, field: str = "") -> Iterator[str]:
    """The fields of a JSON content that hold a key, a secret or a password; placeholders are none."""
    if isinstance(content, dict):
        for key, value in content.items():
            where = f"{field}.{key}" if field else key
            if is_credential(key, value):
                yield where
            yield from find_credentials(value, where)
    elif isinstance(content, list):
        for index, value in enumerate(content):
            yield from find_credentials(value, f"{field}[{index}]")


def without_credentials(content: Any) -> Any:
    """The content without these fields."""
    if isinstance(content, dict):
        return {key: without_credentials(value) for key, value in content.items() if not is_credential(key, value)}
    return [without_credentials(value) for value in content] if isinstance(content, list) else content


def is_credential(key: str, value: Any) -> bool:
    """Whether this is a secret by its name, and has a value."""
    name = re.sub(r"[-_ ]", "", key).casefold()
    return name in _SECRETS and isinstance(value, str) and bool(value) and not _PLACEHOLDER.fullmatch(value)
