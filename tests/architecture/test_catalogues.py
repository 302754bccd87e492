"""The tool that writes the Chinese catalogue."""

from gettext import GNUTranslations
from io import BytesIO

import polib

from tools.catalogues import texts_of, translated


def test_a_counted_message_is_found_in_chinese_whatever_the_number():
    one = polib.POEntry(msgid="%(n)s unit", msgid_plural="%(n)s units")
    plain = polib.POEntry(msgid="Save")
    catalogue = polib.POFile()
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    catalogue.append(translated(one, "%(n)s个单位", []))
    catalogue.append(translated(plain, "保存", []))

    chinese = GNUTranslations(BytesIO(catalogue.to_binary()))

    assert [chinese.ngettext("%(n)s unit", "%(n)s units", n) for n in (1, 2)] == ["%(n)s个单位"] * 2
    assert chinese.gettext("Save") == "保存"
    assert texts_of(catalogue) == {"%(n)s unit": "%(n)s个单位", "Save": "保存"}
