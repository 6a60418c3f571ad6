"""The costs of the pack are compared by their medians."""

from bench.source_pack import format_row


def test_a_row_has_the_medians_of_both_versions_and_their_ratios() -> None:
    before, now = [(1.0, 80.0), (3.0, 90.0), (2.0, 100.0)], [(3.0, 90.0), (2.5, 99.0), (9.0, 108.0)]
    assert format_row("x", [before, now]) == [
        "x", "2.00 (1.00-3.00)", "3.00 (2.50-9.00)", "1.50",
        "90.00 (80.00-100.00)", "99.00 (90.00-108.00)", "1.10",
    ]  # fmt: skip
