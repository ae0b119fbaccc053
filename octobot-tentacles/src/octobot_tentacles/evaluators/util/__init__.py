# SPDX-License-Identifier: Apache-2.0
"""Utilities that evaluators use, one class a module; tentacle folders find them as ``tentacles.Evaluator.Util``."""
