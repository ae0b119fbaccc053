# SPDX-License-Identifier: Apache-2.0
"""Replay of recorded candles through an exchange's channels."""
