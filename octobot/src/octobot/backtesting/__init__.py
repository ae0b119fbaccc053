# SPDX-License-Identifier: Apache-2.0
"""Runs over recorded candles and what they return."""
