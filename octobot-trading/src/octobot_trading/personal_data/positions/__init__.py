# SPDX-License-Identifier: Apache-2.0
"""Positions of contracts: their formulas, what the bot knows of them, and the brackets of venues."""
