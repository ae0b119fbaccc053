# SPDX-License-Identifier: Apache-2.0
"""Collectors of historical data."""
