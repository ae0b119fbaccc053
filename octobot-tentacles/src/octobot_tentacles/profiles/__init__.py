# SPDX-License-Identifier: Apache-2.0
"""Profiles that come with the tentacles: a folder of JSON files each."""
