# SPDX-License-Identifier: Apache-2.0
"""Strategies: what makes one note out of many."""
