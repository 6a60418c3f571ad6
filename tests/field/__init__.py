"""Test stories and translations on labelled short articles in Chinese and English."""
