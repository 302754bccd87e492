"""What engines share: one Spark cluster."""

import pytest


# For the session: a random order must not start a second cluster. See also tests/conftest.py.
@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    from tests.engines.screening.spark_cluster import cluster

    with cluster(tmp_path_factory.mktemp("cluster")) as session:
        yield session
