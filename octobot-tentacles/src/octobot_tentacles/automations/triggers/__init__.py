# SPDX-License-Identifier: Apache-2.0
"""The triggers of automations, one a module."""
