# SPDX-License-Identifier: Apache-2.0
"""``python -m octobot``."""

from octobot.cli import main

main()
