"""The page: sections of sentences, figures and tables in one HTML file that asks no network for anything."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from renkei.alliance import Alliance
from renkei.report.parts import Section
from renkei.report.result import Result
from renkei.report.script import javascript
from renkei.report.sections import headline, sections
from renkei.report.words import month

TEMPLATE = "report.html.j2"


def page(result: Result) -> str:
    """Return the whole report as HTML of about 1 MB, nearly all of it the script that draws."""
    words = {"scenarios": result.manifest["scenario_titles"], "manifest": result.manifest, "headline": headline(result)}
    return alliance_page(TEMPLATE, result.alliance, sections(result), **words)


def alliance_page(template: str, alliance: Alliance, parts: Sequence[Section], **words: Any) -> str:
    """Return a template as the page of an alliance with these sections."""
    specs = {figure.id: figure.spec for part in parts for figure in part.figures if figure.spec is not None}
    return rendered(
        template,
        specs,
        title=alliance.title or alliance.name,
        description=alliance.description,
        first=month(alliance.start),
        last=month(alliance.end),
        sections=parts,
        **words,
    )


def rendered(template: str, specs: Mapping[str, Any], **words: Any) -> str:
    """Return a template as a page that needs no network: style, figures (specifications by id) and script inside."""
    templates = Environment(
        loader=PackageLoader("renkei.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return templates.get_template(template).render(
        **words,
        specs=in_script(specs),
        script=Markup(javascript()),  # ours to trust: it comes from an installed package, without `</script`
        style=Markup(_text(templates, "report.css")),
        drawing=Markup(_text(templates, "report.js")),
    )


def in_script(data: Any) -> Markup:
    """Return JSON that can stand inside a `<script>` element whatever texts it holds."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


def _text(templates: Environment, name: str) -> str:
    assert templates.loader is not None
    return templates.loader.get_source(templates, name)[0]
