# SPDX-License-Identifier: Apache-2.0
"""Tentacles that look ahead and tentacles that seem to. The tests declare them as an installed package would."""
