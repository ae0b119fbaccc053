# SPDX-License-Identifier: Apache-2.0
"""Technical evaluators: one module each, one note per closed candle."""
