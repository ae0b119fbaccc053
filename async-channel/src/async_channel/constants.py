# SPDX-License-Identifier: Apache-2.0
"""Values that filters and consumers share."""

from typing import Final

CHANNEL_WILDCARD: Final = "*"
"""In a filter: any value."""

DEFAULT_QUEUE_SIZE: Final = 0
"""Unlimited."""
