# SPDX-License-Identifier: Apache-2.0
"""Trading modes: what turns strategies' notes into orders."""
