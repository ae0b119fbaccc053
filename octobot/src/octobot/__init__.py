# SPDX-License-Identifier: Apache-2.0
"""A fast, scalable crypto trading robot: backtests, paper and live trading from one code."""

__version__ = "3.0.0"
