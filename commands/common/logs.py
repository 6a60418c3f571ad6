"""The log lines of the daemon and of its process that sends messages."""

import json
import logging
from datetime import UTC, datetime


class JsonLogFormatter(logging.Formatter):
    """Formats a log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return time, level, logger and message, and the traceback if there is one."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def configure_logging(as_json: bool) -> None:
    """Configure logging to standard error, from level INFO."""
    handler = logging.StreamHandler()
    plain = logging.Formatter("%(asctime)s %(levelname)s %(message)s")
    handler.setFormatter(JsonLogFormatter() if as_json else plain)
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    # It warns each time a job takes longer than its interval, which is harmless.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
