# SPDX-License-Identifier: Apache-2.0
"""Client order ids: which order an intent has become is asked by them, so each intent has one and no other has it."""

from __future__ import annotations

import base64
import hashlib
import uuid
from enum import Enum, auto


class IdForm(Enum):
    """How an exchange wants them: 26 letters and digits, 18 of them, or a UUID."""

    LETTERS = auto()
    SHORT = auto()
    UUID = auto()


def client_order_id(intent: str, form: IdForm = IdForm.LETTERS, prefix: str = "") -> str:
    """The client order id of an intent: always the same one.

    128 bits of a hash, of SHORT ones 90: among a billion of these two are alike with a probability of 4e-10.
    """
    digest = hashlib.blake2b(intent.encode(), digest_size=16).digest()
    if form is IdForm.UUID:
        return str(uuid.UUID(bytes=digest, version=4))
    letters = base64.b32encode(digest).decode().rstrip("=").lower()
    return prefix + (letters[:18] if form is IdForm.SHORT else letters)
