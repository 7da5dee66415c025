"""Completion: what the text before the cursor asks for."""

import pytest

from puppet_kernel.completion import Want, context, word_at


@pytest.mark.parametrize(
    ("code", "want", "word", "of"),
    [
        ("%%ex", Want.MAGIC, "%%ex", ""),
        ("%", Want.MAGIC, "%", ""),
        ("fi", Want.TYPE, "fi", ""),
        ("%%noop\nfi", Want.TYPE, "fi", ""),
        ("file { '/x': }\nser", Want.TYPE, "ser", ""),
        ("class a {\n  us", Want.TYPE, "us", ""),
        ("file { '/x': en", Want.ATTRIBUTE, "en", "file"),
        ("file { '/x':\n  ensure => file,\n  mo", Want.ATTRIBUTE, "mo", "file"),
        ("class a { user { $x: gi", Want.ATTRIBUTE, "gi", "user"),
        ("file { '/x': ensure => fi", Want.NOTHING, "fi", ""),
        ("file { 'a", Want.NOTHING, "a", ""),
        ("# fi", Want.NOTHING, "fi", ""),
        ("%%sh\nfi", Want.NOTHING, "fi", ""),
        ("$a = no", Want.NOTHING, "no", ""),
    ],
)
def test_context(code: str, want: Want, word: str, of: str) -> None:
    found = context(code, len(code))
    assert (found.want, found.word, found.type) == (want, word, of)
    assert code[found.start :] == word


@pytest.mark.parametrize("cursor", [0, 2, 4])
def test_the_word_at_the_cursor(cursor: int) -> None:
    assert word_at("file { '/x': }", cursor) == "file"
