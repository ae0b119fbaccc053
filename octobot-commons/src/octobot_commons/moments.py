# SPDX-License-Identifier: Apache-2.0
"""Times as people read them."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_text(time: float) -> str:
    """Unix seconds as ``2024-02-29 12:00:05``, in UTC."""
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M:%S")
