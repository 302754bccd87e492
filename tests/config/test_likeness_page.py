"""The report of likeness: one file, the same every time, that no text in it can break out of."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from django.utils import translation

from tanzhao.config.cli.likeness_page.figures import Report, per_cent
from tanzhao.config.cli.likeness_page.page import page, write_page
from tanzhao.config.cli.likeness_page.texts import place_of
from tanzhao.engines.likeness.texts import (
    CommonPassage,
    Extracted,
    Holder,
    Pair,
    Part,
    Passage,
    Span,
)

HOSTILE = "</script></noscript><img src=x onerror=alert(1)><!--{{ x }}&amp;\x00\r\ud800\u2028"
SHARED = "补齐验收资料四十二份，协调财政所拨付到村，并在村务公开栏公示。"


def extracted(text):
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    parts = tuple(Part(start, 1 + at // 3, 1 + at % 3) for at, start in enumerate(starts))
    return Extracted(text, parts, "docx", 1.0)


def report_of(texts, pairs=(), common=(), skipped=(), left_out=()):
    told = (tuple(pairs), tuple(common), tuple(skipped))
    return Report(len(texts), *told, texts, "county 2026.1", dict(left_out))


def pair_of(left, right, texts, what=SHARED):
    here, there = (texts[key].text.index(what) for key in (left, right))
    passage = Passage(Span(here, here + len(what)), Span(there, there + len(what)), 1.0)
    return Pair(left, right, 0.51, 0.999, (passage,))


@pytest.fixture
def county():
    """Two texts that share a passage after long stretches that they do not, and a common one."""
    texts = {
        "六轮/甲局/报告.docx": extracted("甲" * 3000 + "\n" + SHARED + "乙" * 50),
        "六轮/丙乡/报告.docx": extracted("🀄" + HOSTILE + SHARED + "\n丁"),
    }
    left, right = sorted(texts)
    held = tuple(Holder(key, Span(0, 1)) for key in texts)
    common = [CommonPassage("甲" * 400, held, left, "整改方案")]
    return report_of(texts, [pair_of(left, right, texts)], common, [("x.pdf", "加密的文件。")])


class Elements(HTMLParser):
    """What a browser makes of a page when it runs scripts: `noscript` is plain text then."""

    CDATA_CONTENT_ELEMENTS = ("script", "style", "noscript")

    def __init__(self):
        super().__init__(convert_charrefs=False)
        self.tags, self.addresses, self.text_of = [], [], {}
        self._inside = None

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags.append(tag)
        self.addresses += [values[name] for name in ("src", "href", "action") if name in values]
        assert not [name for name in values if name.startswith("on") or name == "style"]
        self._inside = values.get("id") if tag in self.CDATA_CONTENT_ELEMENTS else None

    def handle_endtag(self, tag):
        if tag in self.CDATA_CONTENT_ELEMENTS:
            self._inside = None

    def handle_data(self, data):
        if self._inside:
            self.text_of[self._inside] = self.text_of.get(self._inside, "") + data


def read(report):
    with translation.override("en"):
        whole = "".join(page(report))
    elements = Elements()
    elements.feed(whole)
    elements.close()
    return whole, elements


def test_nothing_in_a_text_or_a_name_becomes_part_of_the_page(county):
    hostile = {f"{HOSTILE}.docx": extracted(HOSTILE + SHARED), "b.docx": extracted(SHARED + "。")}
    left, right = sorted(hostile)
    _plain, plain_elements = read(county)
    whole, elements = read(
        report_of(
            hostile,
            [pair_of(left, right, hostile)],
            [CommonPassage(HOSTILE, (Holder(left, Span(0, 3)),), left, HOSTILE)],
            [(HOSTILE, HOSTILE)],
            {f"{HOSTILE}.docx": ((HOSTILE, 2),)},
        )
    )

    assert elements.tags.count("img") == whole.count("<img") == 0
    assert elements.tags.count("script") == plain_elements.tags.count("script") == 2
    assert whole.count("</script>") == 2
    assert elements.tags.count("noscript") == whole.count("</noscript>") == 3
    assert "\x00" not in whole
    assert "{{ x }}" in whole  # a text is no template
    whole.encode("utf-8")


def test_a_page_asks_nothing_of_any_network_and_its_policy_forbids_it(county):
    whole, elements = read(county)

    assert [one for one in elements.addresses if not one.startswith("#")] == []
    assert "url(" not in whole
    assert "@import" not in whole
    policy = re.search(r'Security-Policy" content="([^"]*)"', whole)[1]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_the_same_report_gives_the_same_bytes_whole_or_not_at_all(county, tmp_path, monkeypatch):
    write_page(tmp_path / "a.html", county)
    first = (tmp_path / "a.html").read_bytes()
    write_page(tmp_path / "a.html", county)
    assert (tmp_path / "a.html").read_bytes() == first

    broken = report_of({}, county.pairs)
    with pytest.raises(KeyError):
        write_page(tmp_path / "a.html", broken)
    assert [file.name for file in tmp_path.iterdir()] == ["a.html"]
    assert (tmp_path / "a.html").read_bytes() == first


def test_a_text_stands_once_and_what_lies_far_from_any_passage_is_left_out(county):
    whole, _elements = read(county)

    assert whole.count(SHARED) == 2  # once in each of the two documents
    assert re.search(r'<s data-n="\d+"></s>', whole)
    assert whole.count("甲" * 401) == 0
    # Characters left out and shown add up, so that offsets stay what they were.
    for number, key in enumerate(sorted(county.texts)):
        body = re.search(rf'id="d{number}".*?<div class="x">(.*?)</div>', whole, re.S)[1]
        body = re.sub(r'<a class="k"[^>]*>[^<]*</a>', "", body)
        out = sum(int(n) for n in re.findall(r'data-n="(\d+)"', body))
        from html import unescape

        shown = unescape(re.sub(r"<[^>]*>", "", body))
        assert out + len(shown) == len(county.texts[key].text)


def test_what_is_said_has_its_denominators_and_says_that_it_is_a_question(county):
    whole, _elements = read(county)
    left = len(county.texts[county.pairs[0].left].text)

    assert "Documents compared: 2. Pairs that share wording: 1. Common passages: 1." in whole
    assert "A likeness is a question, not a verdict." in whole
    assert f"<b>51&nbsp;%</b> <small>of {left} characters</small>" in whole
    assert "<b>99&nbsp;%</b>" in whole  # not all of it
    assert "from the template 整改方案" in re.sub(r"\s+", " ", whole)
    assert "加密的文件。" in whole


def test_what_is_hidden_in_a_file_is_told_in_the_list_beside_its_text_and_by_itself(county):
    key = county.pairs[0].left
    hiding = {"另件.xlsx": (("hidden_sheets", 1),), key: (("hidden_rows", 3), ("hidden_text", 24))}
    told = "hidden rows: 3; characters of hidden text: 24"
    before, _elements = read(county)

    whole, elements = read(replace(county, left_out=hiding))

    rows = whole[whole.index("<tbody>") : whole.index("</tbody>")]
    assert rows.count(f'href="#hidden" title="{told}"') == 1
    number = sorted(county.texts).index(key)
    beside = f"Hidden in the file, and not compared: {told}"
    assert beside in elements.text_of[f"d{number}"]
    assert (
        json.loads(whole.split('id="data">')[1].split("</script>")[0])["documents"][number][3]
        == told
    )
    section = whole[whole.index('<section id="hidden"') :]
    assert section.index(key) < section.index("另件.xlsx") < section.index("</section>")
    assert "Documents with hidden parts that were not compared: 2." in whole
    assert 'id="hidden"' not in before
    assert "hidden parts" not in before


def test_shares_are_never_rounded_to_all_or_nothing():
    assert [per_cent(one) for one in (0, 0.001, 0.5, 0.999, 1)] == [0, 1, 50, 99, 100]


def test_a_place_is_told_by_page_and_paragraph():
    parts = (Part(0, 1, 1), Part(10, 1, 2), Part(25, 2, 1))

    assert [place_of(parts, at) for at in (0, 9, 10, 24, 25, 99)] == [
        (1, 1), (1, 1), (1, 2), (1, 2), (2, 1), (2, 1),
    ]  # fmt: skip
    assert place_of((), 3) == (0, 0)
