# SPDX-License-Identifier: Apache-2.0
"""Evaluators: what turns market data into notes, and notes into a strategy's note."""
