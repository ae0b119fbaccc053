# SPDX-License-Identifier: Apache-2.0
"""`octobot run`, and the commands that ask a running bot."""
