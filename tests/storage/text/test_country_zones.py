"""The zone of a site by the domain of its country."""

import pytest

from shopwire.storage.text.country_zones import find_domain_zone


@pytest.mark.parametrize(
    ("url", "zone"),
    [
        ("https://www.sample.de/news/1", "Europe/Berlin"),
        ("https://www.sample.co.uk/", "Europe/London"),
        ("https://sample.com.br/x", "America/Sao_Paulo"),
        ("https://sample.com.co/x", "America/Bogota"),
        ("https://sample.co/x", None),
        ("https://sample.com/x", None),
        ("https://sample.us/x", None),
        ("not an address", None),
    ],
)
def test_a_country_with_one_zone_gives_it(url: str, zone: str | None) -> None:
    found = find_domain_zone(url)
    assert (found.key if found else None) == zone
