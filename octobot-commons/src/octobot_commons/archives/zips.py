# SPDX-License-Identifier: Apache-2.0
"""Reading zip archives, whatever they claim about themselves."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from pathlib import Path

from octobot_commons.archives.limits import Counted, Limits
from octobot_commons.archives.names import check_names, is_left_behind, refused
from octobot_commons.errors import ArchiveError

_PIECE = 1 << 16
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_IS_ENCRYPTED = 0x1 | 0x40 | 0x2000
_END = struct.Struct("<4s4H2LH")
_END_SIGNATURE = b"PK\x05\x06"
_ZIP64_LOCATOR = b"PK\x06\x07"
_ZIP64_LOCATOR_SIZE = 20
_LONGEST_COMMENT = 65_535
#: Bytes in the directory for one file, name and extra fields included: five times what is usual.
_LARGEST_ENTRY = 512
#: What zipfile raises where the bytes are not those of an archive.
ZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    LookupError,
    RuntimeError,
    OverflowError,
)


def read_zip(source: Path, data: bytes, limits: Limits) -> dict[str, bytes]:
    """The files of the archive by path. All names are checked before the first file is read.

    Raises:
        ArchiveError: it is damaged, holds what an archive of files does not, or too much of it.
    """
    counted = Counted(source, limits)
    _check_directory(source, data, limits)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            counted.check_names(len(infos))
            for info in infos:
                _check_entry(source, info)
            check_names((info.orig_filename for info in infos), source, limits.depth)
            files = [info for info in infos if not _is_folder(info) and not is_left_behind(info.filename)]
            return {info.filename: _read(archive, info, counted) for info in files}
    except ArchiveError:
        raise
    except ZIP_FAULTS as error:
        raise _damaged(source, str(error)[:200]) from error


def _check_directory(source: Path, data: bytes, limits: Limits) -> None:
    """Before zipfile reads it: it makes an object of each entry, however many there are."""
    at = data.rfind(_END_SIGNATURE, max(0, len(data) - _END.size - _LONGEST_COMMENT))
    if at < 0 or at + _END.size > len(data):
        raise _damaged(source, "its directory is missing")
    size = _END.unpack_from(data, at)[5]
    # ZIP64 is for archives of gigabytes; its own record would be believed instead of this one.
    if size > limits.names * _LARGEST_ENTRY or data[at - _ZIP64_LOCATOR_SIZE : at].startswith(_ZIP64_LOCATOR):
        raise ArchiveError("its directory is too large", file=source, remedy="remove what does not belong to it")


def _check_entry(source: Path, info: zipfile.ZipInfo) -> None:
    fault = None
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        fault = "it is a symbolic link"
    elif kind not in (0, stat.S_IFDIR if _is_folder(info) else stat.S_IFREG):
        fault = "it is neither a file nor a folder"
    elif info.filename != info.orig_filename:
        fault = "it has two names"  # cut at a zero byte, or another one in a field that not all programs read
    elif _is_folder(info) and info.file_size:
        fault = "it is a folder with a content"
    elif info.flag_bits & _IS_ENCRYPTED:
        fault = "it is encrypted"
    elif info.compress_type not in _METHODS:
        fault = "it is packed in an unusual way"
    if fault is not None:
        raise refused(source, info.orig_filename, fault, "pack plain files with deflate")


def _is_folder(info: zipfile.ZipInfo) -> bool:
    return info.filename.endswith("/")


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, counted: Counted) -> bytes:
    pieces = []
    with archive.open(info) as file:
        while piece := file.read(_PIECE):
            counted.add(info.filename, len(piece), info.compress_size)
            pieces.append(piece)
    content = b"".join(pieces)
    if len(content) != info.file_size:
        raise EOFError(f"{info.filename} is shorter than it says")
    return content


def _damaged(source: Path, what: str) -> ArchiveError:
    shown = what if what.isprintable() else ascii(what)
    return ArchiveError(f"it cannot be unpacked: {shown}", file=source, remedy="download or pack it again")
