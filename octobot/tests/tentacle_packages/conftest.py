# SPDX-License-Identifier: Apache-2.0
"""Packages that tests install; what is in them is theirs and not run by us."""

collect_ignore_glob = ["*"]
