"""Arrays out of .npz files nobody vouches for: sizes are judged from the headers, nothing is ever unpickled."""

from __future__ import annotations

import math
import os
import zipfile
import zlib
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from motion.core.errors import BadFile

#: Largest array and largest number of arrays accepted in one archive.
MAX_ARRAY_BYTES = 1 << 29
MAX_MEMBERS = 1000
#: Strings and other header text beyond this are not AMASS.
_MAX_HEADER_BYTES = 10_000


def read_arrays(path: str | os.PathLike[str], wanted: set[str] | None = None) -> dict[str, NDArray[Any]]:
    """The arrays of an .npz archive, by name; only those in ``wanted`` when given, absent ones are left out.

    Raises ``BadFile`` for anything that is not a whole, plain .npz: truncated or foreign files, pickled objects,
    arrays above ``MAX_ARRAY_BYTES`` (judged before a byte of them is read), floating-point arrays with NaN.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
            if len(members) > MAX_MEMBERS:
                raise BadFile(path, f"holds {len(members)} arrays; at most {MAX_MEMBERS} are accepted")
            names = [name for name in members if wanted is None or name in wanted]
            return {name: _read_array(path, archive, members[name], name) for name in names}
    except FileNotFoundError as error:
        raise BadFile(path, "no such file") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BadFile(path, f"not a whole .npz file ({error})") from error
    except OSError as error:
        raise BadFile(path, f"cannot be read: {error.strerror or error}") from error


def _read_array(
    path: str | os.PathLike[str], archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str
) -> NDArray[Any]:
    with archive.open(info) as file:
        try:
            shape, fortran, dtype = _read_header(file)
        except ValueError as error:
            raise BadFile(path, f"array {name!r} is malformed ({error})") from error
        if dtype.hasobject:
            raise BadFile(path, f"array {name!r} holds pickled objects, which are never loaded; save plain arrays")
        count = math.prod(shape)
        if count * dtype.itemsize > MAX_ARRAY_BYTES:
            raise BadFile(path, f"array {name!r} of shape {shape} is larger than {MAX_ARRAY_BYTES >> 20} MiB")
        content = file.read(count * dtype.itemsize)
    if len(content) < count * dtype.itemsize:
        raise BadFile(path, f"array {name!r} is cut short")
    array = np.frombuffer(content, dtype=dtype, count=count) if count and dtype.itemsize else np.empty(0, dtype)
    array = array.reshape(shape, order="F" if fortran else "C") if array.size == count else np.zeros(shape, dtype)
    if np.issubdtype(dtype, np.inexact) and not np.all(np.isfinite(array)):
        raise BadFile(path, f"array {name!r} contains NaN or infinite numbers")
    return array


def _read_header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    version = npy.read_magic(file)
    read = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}.get(version)
    if read is None:
        raise ValueError(f"version {version} of the .npy format is not supported")
    return read(file, max_header_size=_MAX_HEADER_BYTES)
