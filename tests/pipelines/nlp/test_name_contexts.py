"""Common words are no names: measured on sentences written for this test."""

from collections.abc import Iterator
from pathlib import Path

from shopwire.pipelines.nlp.entities import find_entities
from shopwire.pipelines.nlp.name_contexts import load_contexts
from shopwire.storage.text.folding import fold_case
from shopwire.storage.text.gazetteer import COMMON, read_gazetteer

SENTENCES = Path(__file__).parent / "data/ambiguous_names.txt"


def read_sentences() -> Iterator[tuple[str, bool, str]]:
    """Yield (entity, whether the sentence names it, sentence)."""
    entity = ""
    for line in SENTENCES.read_text("utf-8").splitlines():
        sign, _, rest = line.partition(" ")
        if sign == "#":
            entity = rest
        else:
            yield entity, sign == "+", rest


def test_names_are_told_from_common_words() -> None:
    results = [
        (entity, expected, entity in {one.partition(":")[2] for one in find_entities(sentence)}, sentence)
        for entity, expected, sentence in read_sentences()
    ]
    for entity, expected, found, sentence in results:
        if expected != found:
            print("missed" if expected else "wrong", entity, sentence)
    right = sum(expected and found for _, expected, found, _ in results)
    precision = right / sum(found for _, _, found, _ in results)
    recall = right / sum(expected for _, expected, _, _ in results)
    print(f"{len(results)} sentences: precision {precision:.3f}, recall {recall:.3f}")
    assert len(results) >= 300
    assert precision >= 0.98
    assert recall >= 0.90


def test_every_context_belongs_to_a_name() -> None:
    names = {fold_case(name.removeprefix(COMMON)) for one in read_gazetteer() for name in one.written}
    assert load_contexts().keys() <= names
