# SPDX-License-Identifier: Apache-2.0
"""The actions of automations, one a module."""
