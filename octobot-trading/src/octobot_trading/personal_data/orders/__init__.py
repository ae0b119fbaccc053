# SPDX-License-Identifier: Apache-2.0
"""Orders, from the request to the end."""
