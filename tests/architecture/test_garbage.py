"""Whatever is sent to whatever address, the program answers, and never with its own fault."""

import pytest

from tests.architecture.test_visibility_everywhere import _addresses, _county, _reader

pytestmark = pytest.mark.django_db

NUL, MANY = "\x00", "9" * 40
GARBAGE = {
    **dict.fromkeys(("q", "category", "reason", "text", "state", "sort", "whose", "note"), NUL),
    **dict.fromkeys(("round", "number", "members", "version", "serial"), MANY),
    **dict.fromkeys(("unit", "inspector", "engagement", "papers", "token", "handlers"), "zz"),
    **dict.fromkeys(("starts", "ends", "due_date", "issued_date", "born"), "2026-13-45"),
    **dict.fromkeys(("role", "answer", "decision", "rule", "to", "colour", "language"), "mars"),
    "facts-TOTAL_FORMS": "-1",
    "facts-INITIAL_FORMS": "a",
    "more": "1",
    "after": "W10",
}
READERS = ("director", "team in the field", "contact of the unit fed back", "system administrator")


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "part"])
def test_garbage_is_answered_everywhere(client, who, headers):
    county = _county()
    client.force_login(_reader(who, county))
    answers = set()

    for address in _addresses(county["keys"]):
        for send in (client.get, client.post):
            answer = send(address, GARBAGE, headers=headers)
            answer.getvalue()  # a file is closed when it has been read
            answers.add(answer.status_code)
            assert answer.status_code < 500, address

    assert {200, 404, 422} <= answers
