"""The parts of the bundle's maker: names, notebooks, harmless HTML, prose."""

import time

import pytest
from markupsafe import escape

from puppetcamp_lab.takehome.harmless import harmless
from puppetcamp_lab.takehome.names import Names, safe_name
from puppetcamp_lab.takehome.notebook import NoNotebook, read_notebook
from puppetcamp_lab.takehome.page import prose


@pytest.mark.parametrize(
    ("name", "safe"),
    [("..", "_"), (".", "_"), ("", "_"), ("a/b", "a_b"), ("nul.tar.gz", "_nul.tar.gz")],
)
def test_a_name_is_never_a_way(name: str, safe: str) -> None:
    assert safe_name(name).strip("_.") == safe.strip("_.")
    assert safe_name(name) not in {"", ".", ".."}


def test_a_file_and_a_folder_of_one_name_are_two() -> None:
    names = Names(reserved=["Index.html"])
    assert names.place(["a", "b"]) == "a/b"
    assert names.place(["a"]) == "a (2)"
    assert names.place(["A", "B"]) == "A (3)/B"
    assert names.place(["a", "b"]) == "a/b"
    assert names.place(["index.HTML"]) == "index (2).HTML"


BROKEN = {
    "not JSON": "not JSON of",
    "[1, 2": "not the JSON",
    "[]": "no list of cells",
    '{"cells": {}}': "no list of cells",
    "[" * 100_000: "nested too deeply",
    "": "not the JSON",
    "9" * 5000: "not the JSON",
}


@pytest.mark.parametrize("content", BROKEN)
def test_broken_notebooks_say_why(content: str) -> None:
    with pytest.raises(NoNotebook):
        read_notebook(content.encode())


def test_harmless_html_keeps_what_is_worth_reading() -> None:
    kept = harmless(
        '<table><tr><th scope="row">a</th>'
        '<td style="color: #123456">b</td></tr></table>'
    )
    assert 'scope="row"' in kept
    assert "color: #123456" in kept
    assert harmless("<style>b {}</style><b>x</b>") == ""
    assert harmless("a<b>b<i>c</b>d</i><p>e") == "a<b>b<i>c</i></b>d<p>e</p>"
    assert harmless("1 &lt; 2 <unknown> & 3") == "1 &lt; 2  &amp; 3"
    assert harmless('<b style="color: red; color: url(x); top: 1px">') == (
        '<b style="color: red"></b>'
    )
    assert harmless('<td style="color: var(--a-b, #fff)">') == (
        '<td style="color: var(--a-b, #fff)"></td>'
    )


@pytest.mark.parametrize(
    "part",
    ["<b>", "<div>", "<p><b><i>", "<b a=1 ", "&", "<", "<!--", "<b></p>", "<!", "</b "],
)
def test_hostile_html_takes_no_time(part: str) -> None:
    began = time.process_time()
    harmless(part * (100_000 // len(part)))
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://puppet.com/docs?a=b", "https://puppet.com/docs?a=b"),
        ("01_resources.ipynb#next", "01_resources.html#next"),
        ("../a/b.pp", "../a/b.pp"),
        ("#top", "#top"),
        ("javascript:alert(1)", ""),
        ("JaVaScRiPt&#58;alert(1)", ""),
        ("data:text/html,x", ""),
        ("//example.com/x", ""),
        ("/etc/passwd", ""),
        ("file:///etc/passwd", ""),
    ],
)
def test_links_lead_where_they_say(address: str, kept: str) -> None:
    wanted = f'<a href="{escape(kept)}">x</a>' if kept else "<a>x</a>"
    assert harmless(f'<a href="{address}">x</a>') == wanted


def test_prose_keeps_folded_answers() -> None:
    told = prose("# One\n\n<details>\n<summary>An answer</summary>\n\n`a`\n</details>")
    assert told.count("<details>") == told.count("</details>") == 1
    assert "<h3>One</h3>" in told
    assert "<code>a</code>" in told
    assert "&lt;script" in prose("a <script>b</script>")
