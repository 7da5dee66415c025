"""What passes for a notebook, and where one is said to be broken."""

import json
from typing import Any

import pytest

from puppetcamp.exchange.archive import MIB, ArchiveRefusedError, ArchiveTooLargeError
from puppetcamp.exchange.notebooks import fault_of, require_notebooks

from .archives import NOTEBOOK, member, pack, tar

RAW = {"cell_type": "raw", "metadata": {}, "source": ["two\n", "lines"]}
CODE = {"cell_type": "code", "metadata": {}, "source": "", "outputs": []}


def notebook(*cells: object, **fields: Any) -> bytes:
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}
    return json.dumps(whole | fields).encode()


def test_takes_notebooks() -> None:
    assert fault_of(NOTEBOOK) == fault_of(notebook(RAW, CODE, RAW)) == ""


BROKEN = {
    b"": "it is empty",
    b" \n": "it is empty",
    b'{"cells": [\n  1,\n}': "line 3, column 1 of it is not JSON",
    b'{"cells": "\xff"}': "byte 12 of it is no text in UTF-8",
    b"[" * 200_000: "too deep",
    b"1" * 5000: "too long a number",
    b"[]": "not an object",
    b"{}": "its nbformat is null, not 4",
    notebook(RAW, nbformat=3): "its nbformat is 3, not 4",
    notebook(RAW, nbformat="x" * 99): "xxx…, not 4",
    notebook(RAW, metadata=None): "it has no metadata",
    notebook(): "it has no cells",
    notebook(cells={"a": 1}): "it has no cells",
    notebook(RAW, 1): "cell 2 of 2 is not an object",
    notebook(RAW | {"cell_type": "heading"}): 'is of the unknown type "heading"',
    notebook(RAW | {"metadata": []}): "has no metadata",
    notebook(RAW | {"source": 1}): "has a source that is no text",
    notebook(RAW | {"source": ["", None]}): "has a source that is no text",
    notebook(RAW | {"cell_type": "code"}): "has no list of outputs",
}


@pytest.mark.parametrize(("content", "fault"), BROKEN.items(), ids=BROKEN.values())
def test_says_what_is_wrong_and_where(content: bytes, fault: str) -> None:
    assert fault in fault_of(content)


def test_a_large_notebook_is_refused_before_it_is_read() -> None:
    large = pack({"motd.ipynb": bytes(10 * MIB + 1)})
    with pytest.raises(ArchiveTooLargeError, match=r"motd\.ipynb has 10\.0 MiB.*10\."):
        require_notebooks(large)
    assert require_notebooks(large, ["other"]) == ("motd",)


def test_an_exercise_has_a_notebook_in_its_top_folder() -> None:
    with pytest.raises(ArchiveRefusedError, match="no notebook"):
        require_notebooks(tar(member("sub/motd.ipynb", NOTEBOOK)))
