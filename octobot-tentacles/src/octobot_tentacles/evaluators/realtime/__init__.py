# SPDX-License-Identifier: Apache-2.0
"""Real-time evaluators: one module each, called with candles while they are made."""
