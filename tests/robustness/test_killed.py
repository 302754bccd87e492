"""kill -9 of the server and its worker in the midst of an import, and of a worker in a report.

Nothing is half done, and what was asked for is done once the programs run again.
"""

import http.cookiejar
import json
import re
import socket
import time
import urllib.error
import urllib.request
from uuid import uuid4

import pytest
import xlsxwriter

ROWS = 6000
SCRIPT = """
from uuid import uuid4
from tanzhao.access.table import Role
from tanzhao.findings.actions import approve_report
from tanzhao.findings.models import Finding
from tests.factories import NOON, FindingFactory, ReportFactory, UserFactory
report = ReportFactory(state="agreed", agreed_by=UserFactory(role=Role.INSPECTOR), situation="略")
round_ = report.engagement.round
round_.state = "reporting"
round_.save()
first = FindingFactory(engagement=report.engagement, serial=1, fact="列支接待费，无公函。" * 40)
for n in range(2, 1500):
    first.pk, first.serial = uuid4(), n
    first.save(force_insert=True)
user = UserFactory(role=Role.LEADING_GROUP)
approve_report(engagement_id=report.engagement_id, actor=user, at=NOON)
"""


def _until(true, seconds=90.0):
    """Ask again and again, as often as can be, until it is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return
    pytest.fail("it never came to that")


def _port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Browser:
    """A visitor with cookies, without script."""

    def __init__(self, port):
        self.base = f"http://127.0.0.1:{port}"
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def get(self, path):
        with self.opener.open(self.base + path, timeout=30) as answer:
            return answer.geturl().removeprefix(self.base), answer.read().decode()

    def answers(self):
        try:
            return bool(self.get("/accounts/sign-in/"))
        except (urllib.error.URLError, ConnectionError):
            return False

    def post(self, path, fields, file=None, seen_at=""):
        """Send a form that is seen at `seen_at`, or at its own address."""
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', self.get(seen_at or path)[1])
        edge = uuid4().hex
        head = f"--{edge}\r\nContent-Disposition: form-data; name="
        body = b"".join(
            f'{head}"{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in {"csrfmiddlewaretoken": token[1], **fields}.items()
        )
        if file:
            body += f'{head}"file"; filename="a.xlsx"\r\n\r\n'.encode() + file.read_bytes()
            body += b"\r\n"
        request = urllib.request.Request(self.base + path, body + f"--{edge}--\r\n".encode())
        request.add_header("Content-Type", f"multipart/form-data; boundary={edge}")
        with self.opener.open(request, timeout=60) as answer:
            return answer.geturl().removeprefix(self.base)


@pytest.fixture
def workbook(tmp_path):
    path = tmp_path / "long.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["单位名称", "类别", "党员数", "已巡察轮次", "巡察时间"])
        for n in range(1, ROWS + 1):
            sheet.write_row(n, 0, [f"第{n}村", "村（社区）", n % 90, "第二轮", "2022年3月"])
    return path


def _serve(installation, port):
    server = installation.start(
        "-m", "granian", "--interface", "wsgi", "--port", str(port), "--log-level", "error",
        "tanzhao.config.wsgi:application",
    )  # fmt: skip
    return server, installation.start("manage.py", "worker", "--interval", "0.1")


def test_a_killed_server_and_worker_leave_no_half_import_and_finish_it_when_started_again(
    installation, workbook
):
    opened = installation.run(
        "-m", "tanzhao.config.cli", "account", "open", "qian", "--name", "钱进", "--role", "staff",
        "--json",
    )  # fmt: skip
    installation.run("manage.py", "collectstatic", "--noinput", "-v", "0")
    port = _port()
    server, worker = _serve(installation, port)
    browser = Browser(port)
    _until(browser.answers)
    browser.post("/accounts/sign-in/", json.loads(opened))
    run = browser.post("/units/import/", {}, file=workbook)
    _until(lambda: installation.count("documents_run WHERE state = 'done'") == 1)
    preview = f"/units/import/{re.search('[0-9a-f-]{36}', run)[0]}/"

    browser.post(f"{preview}take/", {}, seen_at=preview)
    _until(lambda: installation.count("documents_run WHERE state = 'running'") == 1)
    installation.kill(server)
    installation.kill(worker)

    assert installation.count("documents_run WHERE state = 'running'") == 1
    assert installation.count("units_unit") == installation.count("units_visit") == 0
    _serve(installation, port)
    _until(lambda: installation.count("documents_run WHERE state = 'done'") == 2)
    assert installation.count("units_unit") == installation.count("units_visit") == ROWS
    assert installation.count("audit_entry WHERE verb = 'units.imported'") == 1
    installation.run("-m", "tanzhao.config.cli", "trail", "verify")


def test_a_worker_killed_in_a_report_leaves_no_file_and_the_next_one_makes_it(installation):
    installation.run("manage.py", "shell", "-v", "0", "-c", SCRIPT)
    worker = installation.start("manage.py", "worker", "--interval", "0.1")

    _until(lambda: installation.count("documents_run WHERE state = 'running'") == 1)
    installation.kill(worker)

    assert installation.count("documents_run WHERE state = 'running'") == 1
    assert installation.count("findings_report WHERE file_id IS NOT NULL") == 0
    assert installation.count("documents_storedfile") == 0
    installation.start("manage.py", "worker", "--interval", "0.1")
    _until(lambda: installation.count("documents_run WHERE state = 'done'") == 1)
    assert installation.count("findings_report WHERE file_id IS NOT NULL") == 1
    assert installation.count("documents_storedfile") == 2
    installation.run("-m", "tanzhao.config.cli", "trail", "verify")
