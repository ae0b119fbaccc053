# SPDX-License-Identifier: Apache-2.0
"""Asynchronous channels: producers, consumers, filters, priorities, deterministic synchronized delivery."""

__version__ = "3.0.0"
