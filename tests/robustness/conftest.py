"""Many people at once, each in a thread with a connection of its own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection


@pytest.fixture
def at_once():
    """Run one function for each argument, all starting together; give the results in order."""

    def _at_once(function, arguments):
        together = Barrier(len(arguments))

        def one(argument):
            together.wait()
            try:
                return function(argument)
            finally:
                connection.close()

        with ThreadPoolExecutor(len(arguments)) as pool:
            return [future.result() for future in [pool.submit(one, a) for a in arguments]]

    return _at_once
