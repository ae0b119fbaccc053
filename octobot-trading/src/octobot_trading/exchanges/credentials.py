# SPDX-License-Identifier: Apache-2.0
"""What an account is reached with."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Credentials:
    """The key of an account. Nothing of it is in its ``repr``.

    Attributes:
        password: the passphrase that some exchanges give with a key.
        uid: the account's number, where an exchange asks for it.
    """

    api_key: str = field(repr=False)
    secret: str = field(repr=False)
    password: str | None = field(default=None, repr=False)
    uid: str | None = field(default=None, repr=False)
