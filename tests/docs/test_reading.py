"""The examples of docs/reading.md run unchanged."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from shopwire.commands.export import export_articles
from shopwire.storage.database import Store
from tests.support import sample_store
from tests.support.browser import served

PAGE = Path(__file__).parents[2] / "docs" / "reading.md"
FOR_MODELS, *EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=["sqlite", "duckdb"])
def test_an_example_prints_something(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    example: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SHOPWIRE_HOME", raising=False)
    with Store(Path("shopwire.db")) as store:
        sample_store.fill(store)
    assert CliRunner().invoke(export_articles, ["--parquet", "-o", "articles.parquet"]).exit_code == 0
    names: dict[str, object] = {}
    exec(compile(example, str(PAGE), "exec"), names)
    if "store" in names:
        names["store"].close()  # type: ignore[attr-defined]
    assert len(capsys.readouterr().out.splitlines()) >= 7


def test_the_example_for_models_prints_hits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store(tmp_path / "shopwire.db") as store:
        sample_store.fill(store)
    with served(tmp_path, "--mcp") as url:
        example = FOR_MODELS.replace("http://127.0.0.1:8001/", url)
        exec(compile(example, str(PAGE), "exec"), {})
    assert "淘宝" in capsys.readouterr().out
