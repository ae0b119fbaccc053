# SPDX-License-Identifier: Apache-2.0
"""Evaluators, strategies and the matrix where their notes meet."""

__version__ = "3.0.0"
