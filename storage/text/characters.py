"""Character classes, written to stand between the square brackets of a regular expression."""

import re

HAN = "々〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
"""Chinese characters: the unified ideographs with all extensions, the compatibility ideographs, and the
iteration mark and the zero, which Unicode counts among punctuation."""

HAN_CHARACTER = re.compile(f"[{HAN}]")

KANA = "\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d"
"""Letters of the two Japanese syllabaries, without their marks: Chinese texts use ・ and ー as well."""

HANGUL = "\uac00-\ud7a3\u1100-\u11ff"

EAST_ASIAN = f"{HAN}\u3040-\u30ff\uff66-\uff9f{HANGUL}"
"""Characters that each say about as much as two and a half Latin letters."""

LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
LATIN_CAPITAL = "A-Z\u00c0-\u00d6\u00d8-\u00de"

SENTENCE_ENDS = "。！？!?"
"""Characters that only end sentences, unlike the full stop of Latin script."""

CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069"
"""Control characters other than white space, and those that turn the direction of writing
(Unicode TR9, explicit formatting): a terminal or a page that shows a text would obey them."""

ZERO_WIDTH = (
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u2060-\u2065\u206a-\u206f"
    "\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f"
)
"""Characters without width that carry no meaning: soft hyphens, zero-width spaces, direction marks, marks of
annotations, tags, and those that are none. The joiners U+200C and U+200D are not among them: they change
words of Persian and emoji."""

SURROGATES = "\ud800-\udfff"
"""Halves of a UTF-16 pair, which no encoding takes."""

NOT_IN_XML = "\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff"
"""Characters that XML 1.0 excludes, but for surrogates."""

UNSAFE = re.compile(f"[{CONTROLS}{NOT_IN_XML}\x85]")
"""What a scraped text must not carry into a page, a feed or a message."""

# The index and the hashes in existing stores were made with the two classes below. A wider class would
# miss what is stored, so each changes only together with a migration that computes it anew.

INDEXED_CJK = "\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
"""Characters that the search index holds as overlapping pairs."""

HASHED_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
"""Characters that are each a token of a text's fingerprint and hash."""
