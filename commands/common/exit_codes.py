"""The exit codes of all subcommands; 0 is success."""

ALL_FAILED, USAGE, PARTLY_FAILED = 1, 2, 3
INTERRUPTED = 130
"""After Ctrl-C, as shells report it: 128 and the number of SIGINT."""


def get_exit_code(succeeded: int, failed: int) -> int:
    """Return 0 if nothing failed, 1 if nothing succeeded, else 3."""
    if not failed:
        return 0
    return PARTLY_FAILED if succeeded else ALL_FAILED
