"""The register of findings at the size of a prefecture, against the page one would write first.

The other side is the usual one: icontains over the same three texts, all findings counted on each
page, pages by OFFSET. Both read the same 30,000 findings of 3,000 units over 12 rounds as the
office's staff. Run: ./run bench findings_register (the database of TANZHAO_DATABASE; a private
SQLite file by default). Read the ratios, not the seconds.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROWS, UNITS, ROUNDS, SIZE, REPEATS = 30_000, 3_000, 12, 50, 7
ROOT = Path(__file__).parent.parent
MATTERS = (
    "2021年安排的21项重点任务中，有7项未按期完成，未向县委作出说明。",
    "白条入账9笔80.45万元，往来款长期未清理3笔。",
    "2020年以来发展的7名党员中，7份入党材料时间逻辑倒置、签名缺失。",
    "违规发放加班补助23.43万元，涉及19人次。",
    "公务接待12笔无公函，金额4.86万元，其中3笔拆分报销。",
    "“三重一大”事项未经集体研究，班子会议记录只记结论。",
    "工程项目未招标即施工，验收前支付工程款35万元。",
)
RARE = "信号发射塔"


def main() -> None:
    """Fill a database, measure both sides, print the ratios."""
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "tanzhao.config.settings.office"
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TANZHAO_HOME"] = folder
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        reader = _fill()
        _report(reader)


def _fill():
    from django.db import connection
    from django.utils import timezone

    from tanzhao.access.models import User
    from tanzhao.findings.models import Finding
    from tanzhao.units.models import Unit

    dice = random.Random(20260301)  # the same findings on every machine
    units = Unit.objects.bulk_create(
        Unit(name=f"第{n}单位", category=f"类别{n % 9}", position=n) for n in range(UNITS)
    )
    now = timezone.now()
    findings = []
    for n in range(ROWS):
        matter = dice.choice(MATTERS) + (f"另查{RARE}租金。" if n % 1000 == 0 else "")
        findings.append(
            Finding(
                unit=units[n % UNITS],
                round_number=1 + (n * ROUNDS) // ROWS,
                serial=n + 1,
                fact=f"{matter}（第{n}号）",
                category=f"建设{n % 5}",
                subcategory=f"小类{n % 36}",
                state="fed_back",
                imported=True,
                made_at=now,
            )
        )
    Finding.objects.bulk_create(findings, batch_size=2000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return User.objects.create(username="reader", role="staff")


def _report(reader) -> None:
    from django.db import connection

    print(f"{ROWS} findings, {UNITS} units, {ROUNDS} rounds, pages of {SIZE}; {connection.vendor}")
    print(f"{'page':<44}{'ours ms':>9}{'plain ms':>10}{'ratio':>7}")
    cases = (
        ("first page, nothing asked", "", 0),
        ("page 300, nothing asked", "", 300),
        ("last page, nothing asked", "", ROWS // SIZE - 1),
        ("first page, a common word (接待)", "接待", 0),
        ("page 80, a common word (接待)", "接待", 80),
        (f"a rare word ({RARE})", RARE, 0),
        ("a word that is nowhere (龙卷风)", "龙卷风", 0),
    )
    for name, word, page in cases:
        after = _token_before(reader, word, page)
        ours = _median(lambda word=word, after=after: _ours(reader, word, after))
        plain = _median(lambda word=word, page=page: _plain(word, page))
        assert _ours(reader, word, after) == _plain(word, page), name
        print(f"{name:<44}{ours * 1000:>9.1f}{plain * 1000:>10.1f}{plain / ours:>6.1f}x")


def _ours(reader, word, after):
    from tanzhao.findings.queries.register import Asked, asked_findings, figures, order_of
    from tanzhao.kernel.paging import page_of

    asked = Asked(q=word)
    page = page_of(asked_findings(reader, asked), order=order_of("round"), after=after, size=SIZE)
    return [row.pk for row in page.rows], figures(reader, asked).found


def _plain(word, page):
    from django.core.paginator import Paginator
    from django.db.models import Q

    from tanzhao.findings.models import Finding
    from tanzhao.findings.queries.register import order_of

    found = Finding.objects.select_related("unit").order_by(*order_of("round"))
    if word:
        found = found.filter(
            Q(fact__icontains=word) | Q(title__icontains=word) | Q(unit__name__icontains=word)
        )
    paginator = Paginator(found, SIZE)
    return [row.pk for row in paginator.page(page + 1)], paginator.count


def _token_before(reader, word, page):
    from tanzhao.findings.queries.register import Asked, asked_findings, order_of
    from tanzhao.kernel.paging import page_of

    token = ""
    for _step in range(page):
        found = asked_findings(reader, Asked(q=word))
        token = page_of(found, order=order_of("round"), after=token, size=SIZE).after
    return token


def _median(run):
    run()
    times = []
    for _repeat in range(REPEATS):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


if __name__ == "__main__":
    main()
