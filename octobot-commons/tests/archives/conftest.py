# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def pack(tmp_path: Path) -> Callable[..., Path]:
    """Write an archive of (name, content) pairs; keywords are attributes of every entry."""

    def write(*entries: tuple[str, bytes], **attributes: Any) -> Path:
        path = tmp_path / "packed.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in entries:
                info = zipfile.ZipInfo("x")
                # Past what the constructor repairs.
                info.filename = info.orig_filename = name
                info.compress_type = zipfile.ZIP_DEFLATED
                for attribute, value in attributes.items():
                    setattr(info, attribute, value)
                archive.writestr(info, content)
        return path

    return write
