"""The plain loop everybody writes first: stock trafilatura with metadata, then langdetect, in one process.

Prints the seconds the loop took, imports not counted.
"""

import gzip
import time

import langdetect
import trafilatura

from bench.public_pages import page_files


def main() -> None:
    """Read all pages into memory, then time the loop."""
    pages = [gzip.decompress(file.read_bytes()) for file in page_files()]
    began = time.monotonic()
    for page in pages:
        document = trafilatura.bare_extraction(page, with_metadata=True)
        if document is not None and document.text:
            try:
                langdetect.detect(document.text)
            except langdetect.LangDetectException:
                continue
    print(time.monotonic() - began)


if __name__ == "__main__":
    main()
