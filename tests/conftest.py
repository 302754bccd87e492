"""What many test files share."""

import pytest


def pytest_addoption(parser):
    parser.addoption(
        "--guide", action="store_true", help="write the screenshots of the guide into docs/guide"
    )


@pytest.fixture
def sign_in(client):
    """Sign an account in on the test client and give the client back."""

    def _sign_in(user):
        client.force_login(user)
        return client

    return _sign_in
