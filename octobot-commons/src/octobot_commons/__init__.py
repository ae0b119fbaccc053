# SPDX-License-Identifier: Apache-2.0
"""What every OctoBot package shares: symbols, time frames, clock, profiles, user inputs, tentacle registry, logging."""

__version__ = "3.0.0"
