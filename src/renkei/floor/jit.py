"""The one decorator of all kernels, and the folder where their machine code is kept.

Numba's cache does not notice an edit in another file, so the folder's name is a hash of all sources of the floor and of
the flags.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
from pathlib import Path

import numba

FLAGS = ("NUMBA_DISABLE_JIT", "NUMBA_BOUNDSCHECK", "NUMBA_OPT")


def cache_root() -> Path:
    """Folder under which compiled kernels are kept: `$RENKEI_CACHE`, or the user's cache folder."""
    base = os.environ.get("RENKEI_CACHE") or os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "renkei"


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.name.encode())
        digest.update(source.read_bytes())
    for flag in FLAGS:
        digest.update(f"{flag}={os.environ.get(flag, '')}".encode())
    digest.update(f"{numba.__version__} {platform.python_version()} {platform.machine()}".encode())
    return digest.hexdigest()[:16]


CACHE = cache_root() / f"kernels-{_fingerprint()}"
numba.config.CACHE_DIR = str(CACHE)


def is_compiled() -> bool:
    """True when this version's kernels lie in the cache, so that a run starts at once."""
    return any(CACHE.glob("**/run.run-*.nbc"))


_OPTIONS = {"cache": True, "error_model": "numpy", "nogil": True, "fastmath": {"nnan", "nsz"}}
"""`fastmath` only as far as it changes no result: no number is NaN, and the sign of a zero says nothing."""
kernel = numba.njit(**_OPTIONS)
small_kernel = numba.njit(**_OPTIONS, forceinline=True)
"""For kernels of a few lines on the hot path: the call would cost more than the work."""


def clean(everything: bool = False) -> int:
    """Delete the compiled kernels of other versions (or all); return how many folders."""
    folders = [path for path in cache_root().glob("kernels-*") if everything or path != CACHE]
    for path in folders:
        shutil.rmtree(path, ignore_errors=True)
    return len(folders)
