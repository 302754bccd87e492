import pytest
from playwright.sync_api import Page, expect

from tanzhao.access.table import Role
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_somebody_signs_in_with_a_password_and_out_again(page: Page, live_server, problems):
    user = UserFactory(full_name="王芳", role=Role.AUDIT_ADMIN)
    user.set_password("Lan-shui-2026!")
    user.save()

    page.goto(live_server.url)
    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("密码").fill("wrong")
    page.get_by_role("button", name="登录").click()
    expect(page.locator(".errorlist")).to_be_visible()
    page.get_by_label("密码").fill("Lan-shui-2026!")
    page.get_by_role("button", name="登录").click()

    expect(page.get_by_role("banner")).to_contain_text("王芳")
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("button", name="登录")).to_be_visible()
    assert problems == []
