# SPDX-License-Identifier: Apache-2.0
"""The exchange of backtests and paper trading."""
