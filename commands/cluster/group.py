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
@click.option("--crawls", type=click.IntRange(0, 64), default=4, help="Maximum number of parallel crawls.")
@click.option(
    "--refines",
    type=click.IntRange(0, 64),
    default=0,
    help="Maximum number of WARC files to extract at once.",
)
@click.option(
    "--name", default="", help="Name of this worker, unlike those of all others; default: of the host."
)
def work(crawls: int, refines: int, name: str) -> None:
    """Crawl for `shopwire daemon --cluster`, and extract WARC files for `shopwire import --cluster`, until
    SIGTERM or Ctrl-C.

    Needs no store: what is fetched goes to that of the daemon, what is extracted into SHOPWIRE_CLUSTER_DIR.
    shopwire.toml in SHOPWIRE_HOME configures the crawls, such as the delay between two requests. Exit code 2
    without a broker.
    """
    if not crawls + refines:
        raise click.UsageError("nothing to do: --crawls and --refines are both 0")
    # It imports Celery, which is an extra.
    from shopwire.commands.cluster.work import run_worker  # noqa: PLC0415

    run_worker(name, crawls, refines)


@manage_cluster.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show_cluster_status(as_json: bool) -> None:
    """Show the workers, the crawls that they have, how many messages wait, and for how long.

    A worker is shown for a minute after it was heard. Ages are by the clock of who sent a message.

    Exit code 1 if messages were set aside because nobody could store them, 2 if the broker cannot be
    reached.
    """
    from shopwire.commands.cluster.status import print_status  # noqa: PLC0415

    print_status(as_json=as_json)
