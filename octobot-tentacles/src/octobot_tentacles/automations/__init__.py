# SPDX-License-Identifier: Apache-2.0
"""Automations, and the triggers, conditions and actions that they are made of."""
