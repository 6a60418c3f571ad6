"""A labelled set of this field: short articles in Chinese and English, written for these tests."""
