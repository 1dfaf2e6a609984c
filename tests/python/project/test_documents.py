"""Documents lead where they say: links and their anchors are there, pictures are shown, and whoever
begins at the README comes to every document."""

from __future__ import annotations

from pathlib import Path

from documents import CHINESE, DOCUMENTS, ROOT, Link, anchors, links, named

PICTURES = {".png", ".svg", ".jpg", ".webp"}


def leads_nowhere(link: Link) -> bool:
    if not link.path.is_relative_to(ROOT) or not link.path.exists():
        return True
    return bool(link.anchor) and link.anchor not in anchors(link.path)


def test_every_link_leads_to_a_file_and_a_heading_of_it() -> None:
    lost = [
        f"{named(document)}: {link.words}"
        for document in DOCUMENTS
        for link in links(document)
        if leads_nowhere(link)
    ]
    assert not lost, "\n".join(lost)


def test_every_picture_is_shown_by_a_document() -> None:
    shown = {link.path for document in DOCUMENTS for link in links(document)}
    pictures = (path for path in (ROOT / "docs").rglob("*") if path.suffix in PICTURES)
    unseen = [named(picture) for picture in pictures if picture not in shown]
    assert not unseen, unseen


def test_the_readme_leads_to_every_document() -> None:
    """A folder that is linked stands for the documents in it."""
    reached: set[Path] = set()
    ahead = [ROOT / "README.md"]
    while ahead:
        path = ahead.pop()
        if path not in reached:
            reached.add(path)
            if path.is_dir():
                ahead += path.glob("*.md")
            elif path in DOCUMENTS:
                ahead += [link.path for link in links(path)]
    lost = [named(document) for document in DOCUMENTS if document not in reached]
    assert not lost, lost


def test_a_document_and_its_translation_link_each_other() -> None:
    alone = []
    for chinese in (path for path in DOCUMENTS if path.name.endswith(CHINESE)):
        english = chinese.with_name(chinese.name.removesuffix(CHINESE) + ".md")
        both = english.exists() and {english, chinese} <= {
            link.path for document in (english, chinese) for link in links(document)
        }
        if not both:
            alone.append(named(chinese))
    assert not alone, alone
