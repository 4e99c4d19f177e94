"""The JavaScript that draws the figures: Vega, Vega-Lite and vega-embed in one piece, without any network."""

from __future__ import annotations

import contextlib
import os
import tempfile
from importlib.metadata import version
from pathlib import Path

import vl_convert

SNIPPET = "window.vegaEmbed = vegaEmbed;"
VEGA_LITE = "6.4"
"""Version that the figures are written for, as vl-convert names it; altair's schema is of the same major version."""


def javascript() -> str:
    """Return about 0.9 MB of JavaScript that defines `vegaEmbed`; safe inside a `<script>` element.

    It is put together by vl-convert, which takes seconds, and kept in the user's cache folder.
    """
    kept = _cache_file()
    with contextlib.suppress(OSError, UnicodeDecodeError):  # no cache or a broken one: make it anew
        return kept.read_text(encoding="utf-8")
    text = str(vl_convert.javascript_bundle(SNIPPET, vl_version=VEGA_LITE))
    text = text.replace("</script", "<\\/script").replace("<!--", "<\\!--")
    with contextlib.suppress(OSError):  # a folder that cannot be written costs only time
        _keep(kept, text)
    return text


def _cache_file() -> Path:
    base = os.environ.get("RENKEI_CACHE") or os.environ.get("XDG_CACHE_HOME")
    folder = (Path(base) if base else Path.home() / ".cache") / "renkei"
    versions = f"{vl_convert.get_vega_version()}-{VEGA_LITE}-{vl_convert.get_vega_embed_version()}"
    return folder / f"vega-{versions}-{version('vl-convert-python')}.js"


def _keep(path: Path, text: str) -> None:
    """Write the file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        file.write(text)
    Path(file.name).replace(path)
