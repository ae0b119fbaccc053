# SPDX-License-Identifier: Apache-2.0
"""What helps to test code that talks to exchanges: servers on loopback that speak an exchange's protocol.

They need aiohttp, which ``pip install octobot-trading[ccxt]`` brings.
"""
