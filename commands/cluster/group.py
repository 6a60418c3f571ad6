"""`shopwire cluster`: workers for a store on another machine, and what they do."""

import click

from shopwire.commands.common.extras import require_extra


@click.group("cluster")
def manage_cluster() -> None:
    """Work for a store on another machine, and show who does; see docs/cluster.md.

    SHOPWIRE_BROKER names the RabbitMQ that all machines share, such as amqps://user:password@host/vhost.
    """
    require_extra("cluster", "celery", "a cluster")


@manage_cluster.command("work")
@click.option("--crawls", type=click.IntRange(1, 64), default=4, help="Maximum number of parallel crawls.")
@click.option(
    "--name", default="", help="Name of this worker, unlike those of all others; default: of the host."
)
def work(crawls: int, name: str) -> None:
    """Crawl for `shopwire daemon --cluster`, until SIGTERM or Ctrl-C.

    Needs no store: what is fetched goes to that of the daemon. shopwire.toml in SHOPWIRE_HOME configures the
    crawls, such as the delay between two requests. Exit code 2 without a broker.
    """
    # It imports Celery, which is an extra.
    from shopwire.commands.cluster.work import run_worker  # noqa: PLC0415

    run_worker(name, crawls)


@manage_cluster.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show_cluster_status(as_json: bool) -> None:
    """Show the crawls that workers have, and how many messages wait.

    Exit code 1 if messages were set aside because nobody could store them, 2 if the broker cannot be
    reached.
    """
    from shopwire.commands.cluster.status import print_status  # noqa: PLC0415

    print_status(as_json=as_json)
