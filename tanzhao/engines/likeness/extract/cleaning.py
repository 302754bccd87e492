"""Raw text becomes the text that offsets count in; and how much of it can be read at all."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from tanzhao.engines.likeness.extract.limits import Limits
from tanzhao.engines.likeness.extract.refusals import Unreadable
from tanzhao.engines.likeness.texts import Extracted, Part

# Everything that ends a line somewhere: vertical tab, form feed, next line, U+2028, U+2029.
_LINE_ENDS = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
# Control signs; signs without width or that turn the direction; noncharacters.
_SIGNS_OUT = re.compile(
    "[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069"
    "\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_BLANKS = " \t\u3000\xa0"

# What a text of a Chinese office is made of, besides blanks.
_READABLE = re.compile(
    "[!-~"  # ASCII
    "\xa1-\xac\xae-\xff\u0100-\u017f\u01cd-\u01dc"  # Latin with accents, pinyin with tones
    "\u0370-\u03ff"  # Greek: formulas
    "\u0400-\u04ff"  # Cyrillic
    "\u2010-\u2027\u2030-\u205e\u2070-\u209f\u20a0-\u20bf"  # punctuation, money
    "\u2100-\u214f\u2150-\u218f\u2190-\u21ff\u2200-\u22ff\u2300-\u23ff"  # ℃ № Ⅳ → ≥
    "\u2460-\u24ff\u2500-\u257f\u25a0-\u25ff\u2600-\u27bf"  # ① frames ■ ☑ ✓
    "\u3001-\u303f\u3040-\u30ff\u3105-\u312f\u3200-\u33ff"  # 、。《》 kana, bopomofo, ㈠ ㎡
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    # Other languages of China: Uyghur and Kazakh, Tibetan, Mongolian, Dai, Yi, Korean.
    "\u0600-\u06ff\ufb50-\ufdcf\ufe70-\ufefc\u0f00-\u0fff\u1800-\u18af\u1950-\u19df"
    "\ua000-\ua4cf\u1100-\u11ff\uac00-\ud7af"
    "\ufe10-\ufe4f\uff01-\uffef"  # ︵ ＡＢＣ，
    "\U0001f000-\U0001faff]+"  # emoji
)
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_NOT_BLANK = re.compile(r"\S+")
# Read in the wrong encoding, Chinese turns into Han letters that nobody writes. In any Chinese
# text, in either script, about half of the letters are among these.
_COMMON = set(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下"
    "过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两"
    "体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线"
    "内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并"
    "提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见"
    "计别手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海"
    "口东导器压志世金增争济阶思术极交受联认六共权收证改清己美再采转更单风切打白教速花带安场身车例"
    "真务具万每目至达走积示议声报类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研"
    "界拉林律叫且究观越织装算低持音众书布复容须际商非验连断深难近千周委技备半办青省列习响约支般史"
    "劳便团往历市克何除消构府称太准精值号率族维划选标写存候毛亲快效院查江型按格养易置派层片始却专"
    "状育厂京识适属圆包住调满县局照参红细引听该铁价村镇乡贫扶款费额项巡察纪监督责落实整改"
    "們個這來時國會對發說產種經進等電現實體機當從業開還過動樣與關點無軍並題黨"
)
_FEW_HAN = 100
_SAMPLE = 1000  # letters, from all over the text
_LEAST_COMMON = 0.12


def clean(raw: str) -> str:
    """Give text without control signs, lines ended by one sign, each sign a whole character."""
    if not raw.isascii():
        raw = _SURROGATE.sub("\ufffd", raw)
    return _SIGNS_OUT.sub("", _LINE_ENDS.sub("\n", raw))


def extracted(
    paragraphs: Iterable[str],
    kind: str,
    limits: Limits,
    left_out: Mapping[str, int] = MappingProxyType({}),
) -> Extracted:
    """Make the text of paragraphs in the order of reading, of a format without pages.

    A paragraph with line ends becomes several lines, each a part of its own. `left_out` is looked
    at once all paragraphs have been given.

    Raises: Unreadable if nothing is left of it, all of it is hidden, or too little of it can be
        read.
    """
    lines: list[str] = []
    parts: list[Part] = []
    at = 0
    for raw in paragraphs:
        for line in clean(raw).split("\n"):
            if line := line.strip(_BLANKS):
                parts.append(Part(at, 0, len(parts) + 1))
                lines.append(line)
                at += len(line) + 1
        if at > limits.most_characters:
            raise Unreadable("too_long", {"most": limits.most_characters})
    if not lines and any(left_out.values()):
        raise Unreadable("all_hidden", {"kind": kind})
    return telling(checked("\n".join(lines), parts, kind, limits), left_out)


def telling(read: Extracted, left_out: Mapping[str, int]) -> Extracted:
    """Give a text that tells what its file holds besides, by kind and number."""
    return replace(read, left_out=tuple(sorted((k, n) for k, n in left_out.items() if n > 0)))


def checked(
    text: str, parts: Sequence[Part], kind: str, limits: Limits, how: str = "layer"
) -> Extracted:
    """Give the text with its parts, once it is known to be one.

    Raises: Unreadable if it is empty, too long or garbage.
    """
    if not text:
        raise Unreadable("no_text", {"kind": kind})
    if len(text) > limits.most_characters:
        raise Unreadable("too_long", {"most": limits.most_characters})
    share = readable_share(text)
    if share < limits.least_readable:
        raise Unreadable("garbage", {"readable": int(share * 100)})
    return Extracted(text, tuple(parts), kind, round(share, 4), how)


def readable_share(text: str) -> float:
    """Give the share of the letters that a text of a Chinese office can have, 0 to 1."""
    letters = sum(map(len, _NOT_BLANK.findall(text)))
    if not letters:
        return 0.0
    readable = sum(map(len, _READABLE.findall(text)))
    han = "".join(_HAN.findall(text))
    some = han[:: len(han) // _SAMPLE + 1]
    if len(some) >= _FEW_HAN and sum(map(_COMMON.__contains__, some)) < _LEAST_COMMON * len(some):
        readable -= len(han)
    return readable / letters
