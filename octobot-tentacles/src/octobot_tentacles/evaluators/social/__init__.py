# SPDX-License-Identifier: Apache-2.0
"""Social evaluators: one module each, notes of what feeds tell.

feed_notes.py  what all of them share          averages_trend.py   those that follow a daily value
sentiment.py   those that read texts           telegram_signals.py those that take signals from Telegram
signal_pattern.py  patterns of users that cannot keep the bot busy
"""
