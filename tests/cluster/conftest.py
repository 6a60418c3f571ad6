"""One broker for all tests of a cluster."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.rabbitmq import MISSING, SERVER, Broker, rabbitmq


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A RabbitMQ on loopback; without one the test is left out."""
    if not SERVER.exists():
        pytest.skip(MISSING)
    folder: Path = tmp_path_factory.mktemp("rabbitmq")
    with rabbitmq(folder) as started:
        yield started
