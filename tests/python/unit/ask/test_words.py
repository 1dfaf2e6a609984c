"""Definitions are there in both languages, and documents say what the program does."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import fields

import pytest
from conftest import ROOT

from orchestration.ask.answers import plain, visible
from orchestration.ask.findings import findings
from orchestration.ask.limits import Limits
from orchestration.ask.tools import Tools
from orchestration.ask.words import mart_words
from orchestration.labels import LANGUAGES

PAGES = {"en": ROOT / "docs" / "ask.md", "zh": ROOT / "docs" / "ask.zh-CN.md"}
TOOLS = [name for name in vars(Tools) if not name.startswith("_") and name != "all"]


def test_every_mart_says_in_both_languages_what_it_means_and_what_not():
    marts = {path.stem for path in (ROOT / "models" / "marts").glob("*/*.sql")}
    words = mart_words(ROOT)
    assert set(words) == marts
    for name, mart in words.items():
        means, not_meant = mart.definition.means, mart.definition.not_meant
        assert not_meant and not means.zh.isascii() and not not_meant.zh.isascii(), name
        assert mart.key and mart.grain.en.startswith("One row"), name
        assert "行" in mart.grain.zh, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_names_every_tool_and_limit(language):
    page = PAGES[language].read_text("utf-8")
    assert set(re.findall(r"`(\w+)`", page)) >= {*TOOLS} - {"limits", "published", "root"}
    limits = Limits()
    for number in (limits.rows, limits.columns, limits.characters, limits.memory, limits.seconds):
        assert f"{number:,}" in page
    assert json.loads(re.search(r"```json\n(.*?)```", page, re.DOTALL)[1])["mcpServers"]


def test_both_pages_show_the_same_commands():
    blocks = [
        re.findall(r"```(?:sh|json)\n.*?```", page.read_text("utf-8"), re.DOTALL)
        for page in PAGES.values()
    ]
    assert blocks[0] == blocks[1] and len(blocks[0]) == 3


def test_all_tools_are_offered():
    offered = Tools(None, ROOT, Limits()).all  # type: ignore[arg-type]
    names = {tool.__name__ for tool in offered}
    assert names == {*TOOLS} - {field.name for field in fields(Tools)}
    assert all(tool.__doc__ for tool in offered)


def test_findings_are_told_in_both_languages():
    for finding in findings():
        for text in (finding.title, finding.sentence):
            assert text.en and not text.zh.isascii(), finding.name


def test_values_are_what_json_can_say():
    assert plain(float("nan")) == "nan"
    assert plain([float("inf"), {"a": b"\x00"}]) == ["inf", {"a": "b'\\x00'"}]
    assert visible("é 中 \u202e\u200d\x07") == r"é 中 \u{202e}\u{200d}\u{7}"
    assert visible("x" * 501) == "x" * 500 + "…"


def test_without_the_group_it_says_what_to_install():
    program = (
        "import sys; sys.modules['mcp'] = None; from orchestration.cli import main; main(['mcp'])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert "requirements-mcp.lock" in done.stderr and "Traceback" not in done.stderr
