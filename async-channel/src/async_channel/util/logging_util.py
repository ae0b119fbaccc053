# SPDX-License-Identifier: Apache-2.0
"""Loggers of this package."""

import logging


def get_logger(name: str = "") -> logging.Logger:
    """The standard library's logger of that name."""
    return logging.getLogger(name)
