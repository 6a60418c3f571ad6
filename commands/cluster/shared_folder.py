"""The folder that all machines of a cluster share; each may have it at another place."""

from pathlib import Path

import click

from shopwire.storage.cluster.wire import WireError, check_text
from shopwire.storage.configuration.load import load_configuration


def get_cluster_folder() -> Path:
    """Return the folder. Raises `click.UsageError` if there is none."""
    folder = load_configuration().cluster.cluster_dir
    if not folder or not Path(folder).is_dir():
        raise click.UsageError(
            f"no folder that all machines share ({folder or 'nothing set'}): set SHOPWIRE_CLUSTER_DIR, or "
            "cluster_dir in [cluster] of shopwire.toml"
        )
    return Path(folder).resolve()


def resolve_shared(folder: Path, name: object) -> Path:
    """Return the path of a file in the folder. Raises `WireError` for a name that leads out of it."""
    try:
        path = (folder / check_text(name)).resolve()
    except (ValueError, OSError) as error:
        raise WireError(f"no name of a file: {error}") from error
    if not path.is_relative_to(folder) or path == folder:
        raise WireError(f"{name!r:.100} is not in the folder that all machines share")
    return path
