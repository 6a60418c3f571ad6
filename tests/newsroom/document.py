"""The response of the newsroom to one request."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256


@dataclass(frozen=True)
class Document:
    """A response before HTTP; `modified` is set if validators are sent (RFC 9110 §8.8)."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    modified: datetime | None = None
    location: str = ""

    @property
    def etag(self) -> str:
        """A strong entity tag: equal for equal bytes."""
        return f'"{sha256(self.body).hexdigest()[:16]}"'
