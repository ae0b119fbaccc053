# SPDX-License-Identifier: Apache-2.0
"""One writer per file layout; each gives the bytes of a file that the readers read again with the same numbers."""
