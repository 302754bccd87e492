"""What many test files share."""

import pytest


@pytest.fixture
def sign_in(client):
    """Sign an account in on the test client and give the client back."""

    def _sign_in(user):
        client.force_login(user)
        return client

    return _sign_in
