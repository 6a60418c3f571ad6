"""Language, sentences, numbers, names and the bilingual lexicon."""
