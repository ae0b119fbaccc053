# SPDX-License-Identifier: Apache-2.0
"""The conditions of automations, one a module."""
