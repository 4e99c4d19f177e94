"""The page: one file, no network, safe texts, months and not days."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from renkei.report.page import in_script, page
from renkei.report.result import Result
from renkei.report.sections import sections


class Reader(HTMLParser):
    """Collects elements with their attributes, and the text of each kind of element."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))


@pytest.fixture(scope="module")
def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def test_is_one_file_of_about_a_megabyte(html: str) -> None:
    assert 0.8e6 < len(html.encode()) < 2e6


def test_loads_nothing_from_anywhere(read: Reader) -> None:
    loading = {"src", "srcset", "data", "poster", "background", "action", "xlink:href", "style"}
    for tag, attributes in read.elements:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base"), tag
        assert not loading & set(attributes), (tag, attributes)
        assert tag == "a" or "href" not in attributes
        if tag == "a":
            assert str(attributes["href"]).startswith("#")
    styles = "".join(text for tag, text in read.texts if tag == "style")
    assert "url(" not in styles
    assert "@import" not in styles


def test_forbids_the_browser_any_request(read: Reader) -> None:
    policy = next(
        a["content"] for t, a in read.elements if t == "meta" and a.get("http-equiv") == "Content-Security-Policy"
    )
    assert str(policy).startswith("default-src 'none';")
    assert "http" not in str(policy)


def test_texts_of_the_alliance_cannot_break_out(html: str, read: Reader) -> None:
    assert sum(tag == "script" for tag, _ in read.elements) == 3
    assert not any(tag in ("b", "quick") for tag, _ in read.elements)
    assert "Tiny &amp; &lt;quick&gt;" in html
    assert "&lt;/script&gt;&lt;b&gt;site" in html


def test_every_element_is_closed(read: Reader) -> None:
    assert read.open == []


def test_says_at_once_that_it_is_one_possible_course(read: Reader) -> None:
    texts = [text for tag, text in read.texts if tag not in ("script", "style", "title") and text.strip()]
    assert texts[0] == "One possible course"


def test_prints_months_not_days(read: Reader) -> None:
    shown = " ".join(text for tag, text in read.texts if tag not in ("script", "style"))
    assert re.search(r"\b2024-04\b", shown)
    simulated = {str(day)[:10] for day in ("2024-04-16", "2024-07-17")}
    assert not [day for day in re.findall(r"\d{4}-\d{2}-\d{2}", shown) if day in simulated or day.startswith("2025")]


def test_has_a_place_for_every_figure(html: str, read: Reader) -> None:
    text = re.search(r'<script type="application/json" id="figures">(.*?)</script>', html, re.DOTALL)
    assert text is not None
    figures = json.loads(text.group(1))
    places = {
        str(a["id"]).removeprefix("figure-") for t, a in read.elements if t == "div" and "chart" in str(a.get("class"))
    }
    assert set(figures) == places
    assert len(places) >= 14


def test_shows_a_course_without_wafers(poor: Result) -> None:
    text = page(poor)
    assert "No wafer was started in this course." in text
    assert "Little money and no more" in text


def test_anchors_lead_somewhere(tiny: Result, read: Reader) -> None:
    ids = {attributes.get("id") for _, attributes in read.elements}
    assert {part.id for part in sections(tiny)} <= ids


def test_json_in_a_script_keeps_its_meaning() -> None:
    data = {"a": "</script><!-- & \u2028 –"}
    text = in_script(data)
    assert "<" not in text
    assert json.loads(text) == data
