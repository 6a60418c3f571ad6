"""One broker for all tests of a cluster."""

from collections.abc import Iterator

import pytest

from tests.support.rabbitmq import MISSING, SERVER, Broker, rabbitmq


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A RabbitMQ on loopback; without one the test is left out."""
    if not SERVER.exists():
        pytest.skip(MISSING)
    with rabbitmq(tmp_path_factory.mktemp("rabbitmq")) as started:
        yield started


@pytest.fixture
def broker(running: Broker) -> Broker:
    """The broker, with nothing in its queues."""
    from shopwire.commands.cluster.broker import BEATS, FAILED, KEEP, POISON, SIGNS, connect, open_channel

    with connect(running.url) as connection:
        channel = open_channel(connection)
        for queue in (BEATS, FAILED, KEEP, POISON, SIGNS):
            queue(channel).purge()
    return running
