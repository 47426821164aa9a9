"""The HTML letter: what it shows, what it never lets through, and that it stands on its own."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meldloket.messages.email_html import email_html

TEXT = """Dag,

Wij ontvingen uw melding.
Wij bekijken ze binnen 5 werkdagen.

Dit kunt u nog doen:
- een foto toevoegen
- uw gegevens nakijken

Meer weten? Kijk op https://www.lindekerke.example/meldingen.

https://meldingen.lindekerke.example/m/MLD-2026-000123

Met vriendelijke groet
Gemeente Lindekerke"""


class Reader(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)


def letter(subject: str = "MLD-2026-000123: wij ontvingen uw melding", text: str = TEXT, **given: str) -> str:
    facts = {"language": "nl", "municipality": "Gemeente Lindekerke", "link": "", "link_label": "", **given}
    return email_html(subject, text, **facts)


def test_paragraphs_list_links_and_button() -> None:
    address = "https://meldingen.lindekerke.example/m/MLD-2026-000123"
    html = letter(link=address, link_label="Bekijk uw melding")
    read = Reader(html)
    links = [attributes["href"] for tag, attributes in read.tags if tag == "a"]
    assert links == ["https://www.lindekerke.example/meldingen", address]
    assert [tag for tag, _ in read.tags].count("li") == 2
    assert html.count("<p ") == 7  # sender, five paragraphs, button
    assert "Wij ontvingen uw melding.<br>\nWij bekijken ze binnen 5 werkdagen." in html
    assert html.index("Bekijk uw melding</a>") < html.index("Met vriendelijke groet")
    assert read.open == []


def test_the_button_comes_last_when_the_text_does_not_name_its_address() -> None:
    html = letter(text="Dag,\n\nTot later.", link="https://x.example/m", link_label="Bekijk")
    assert html.index("Tot later.") < html.index(">Bekijk</a>")


def test_language_title_and_one_heading() -> None:
    read = Reader(letter(language="fr"))
    assert ("html", {"lang": "fr", "dir": "ltr"}) in read.tags
    assert [tag for tag, _ in read.tags].count("h1") == 1
    assert not {"table", "img", "script", "link", "iframe", "form"} & {tag for tag, _ in read.tags}


def test_markup_in_text_stays_text() -> None:
    html = letter('<b>"&', "<script>alert(1)</script>\n\nhttps://x.example/?a=1&b=\"onclick='x'", municipality="A & <B>")
    read = Reader(html)
    assert "script" not in {tag for tag, _ in read.tags}
    assert "<script>alert(1)</script>" in "".join(read.words)
    assert [attributes["href"] for tag, attributes in read.tags if tag == "a"] == ["https://x.example/?a=1&b="]


def test_a_link_that_is_no_web_address_is_refused() -> None:
    with pytest.raises(ValueError, match="no web address"):
        letter(link="javascript:alert(1)", link_label="Klik")


@given(st.text(max_size=200), st.text(max_size=500))
def test_any_text_gives_the_same_skeleton(subject: str, text: str) -> None:
    read = Reader(letter(subject, text))
    assert read.open == []
    assert {tag for tag, _ in read.tags} <= {
        "html", "head", "meta", "title", "style", "body", "div", "header", "main", "h1", "p", "br", "ul", "li", "a",
    }  # fmt: skip
    assert all(set(attributes) <= {"style", "href", "class"} for tag, attributes in read.tags if tag in ("p", "li", "a"))
