# SPDX-License-Identifier: Apache-2.0
"""What an account is reached with."""

from __future__ import annotations

from dataclasses import dataclass

from octobot_commons.secrets import Secret


@dataclass(frozen=True, slots=True)
class Credentials:
    """The key of an account, which is shown to nobody.

    Attributes:
        password: the passphrase that some exchanges give with a key.
        uid: the account's number, where an exchange asks for it.
    """

    api_key: Secret
    secret: Secret
    password: Secret | None = None
    uid: Secret | None = None
