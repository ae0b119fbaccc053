# SPDX-License-Identifier: Apache-2.0
"""What other packages and tentacles ask of evaluators."""

from octobot_evaluators.api import matrix
from octobot_evaluators.api.matrix import get_description, get_metadata, get_time, get_type, get_value

__all__ = ["get_description", "get_metadata", "get_time", "get_type", "get_value", "matrix"]
