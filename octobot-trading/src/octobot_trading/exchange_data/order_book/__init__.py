# SPDX-License-Identifier: Apache-2.0
"""Order books by price (Level 2)."""
