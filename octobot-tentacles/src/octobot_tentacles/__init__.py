# SPDX-License-Identifier: Apache-2.0
"""The default evaluators, strategies, trading modes and profiles of OctoBot."""

__version__ = "3.0.0"
