"""Natural language processing: language, sentences, quantities, entities, bilingual lexicon."""
