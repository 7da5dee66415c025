"""`%graph`: what is drawn, in which colour, and that no name can break the picture."""

import re
from itertools import pairwise

import pytest

from puppet_kernel.catalog import Catalog, CatalogResource, Edge, Order
from puppet_kernel.catalog_order import essential, in_circles, in_order
from puppet_kernel.display import mermaid, outputs
from puppet_kernel.document import Diagram
from puppet_kernel.questions.graph import MANY, MOST, picture
from puppet_kernel.results import CellResult, State
from puppet_kernel.session import Session

NODE = re.compile(
    r'^\s*(?:subgraph )?(n\d+)\["([^"\n]*)"\](?::::(\w+))?$', re.MULTILINE
)


def catalog(references: str, *edges: tuple[str, str, str], **inside: str) -> Catalog:
    resources = tuple(
        CatalogResource(r, "T", r, inside=inside.get(r, "")) for r in references.split()
    )
    return Catalog(
        resources=resources,
        edges=tuple(Edge(a, b, Order(order)) for a, b, order in edges),
    )


def drawn(result: CellResult) -> Diagram:
    (diagram,) = (block for block in result.blocks if isinstance(block, Diagram))
    return diagram


def label(text: str) -> str:
    return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), text)


def styles(diagram: Diagram) -> dict[str, str]:
    return {label(m[2]): m[3] or "around" for m in NODE.finditer(diagram.mermaid)}


def test_colours_say_what_happened(session: Session) -> None:
    session.run_cell("""
        class around { file { '/tmp': ensure => directory } }
        include around
        exec { '/bin/true': }
        file { '/tmp/later': content => 'x', noop => true }
        exec { '/bin/false': } -> notify { 'never': }
    """)
    result = session.run_cell("%graph")
    assert result.ok
    assert styles(drawn(result)) == {
        "Class[Around]": "around",
        "File[/tmp]": "unchanged",
        "Exec[/bin/true]": "changed",
        "File[/tmp/later]": "pending",
        "Exec[/bin/false]": "failed",
        "Notify[never]": "skipped",
    }
    bundle = outputs(result)[0]["data"]
    assert bundle["text/vnd.mermaid"].startswith("flowchart TB\n")
    assert "✗ Exec[/bin/false]" in bundle["text/plain"]
    assert "» Notify[never]  (after Exec[/bin/false])" in bundle["text/plain"]
    assert "red: failed" in outputs(result)[1]["data"]["text/html"]


def test_arrows_say_why(session: Session) -> None:
    session.run_cell("""
        notify { 'a': } -> notify { 'b': } ~> notify { 'c': }
        user { 'nobody': } file { '/tmp': owner => 'nobody', noop => true }
    """)
    text = drawn(session.run_cell("%graph")).mermaid
    assert re.search(r"n0 --> n1$", text, re.MULTILINE)
    assert re.search(r'n1 ==>\|"notifies"\| n2$', text, re.MULTILINE)
    assert re.search(r"n3 -\.-> n4$", text, re.MULTILINE)


def test_a_cycle_is_red(session: Session) -> None:
    session.run_cell("""
        class x { notify { 'in x': } }
        include x
        notify { 'a': require => Class['x'], before => Notify['in x'] }
        notify { 'b': require => Notify['a'] }
    """)
    result = session.run_cell("%graph")
    links = [line for line in drawn(result).mermaid.split("\n") if "-->" in line]
    (red,) = re.findall(r"linkStyle (\S+) stroke:#d32f2f", drawn(result).mermaid)
    assert len(links) == 3
    assert len(red.split(",")) == 2
    told = [getattr(block, "text", "") for block in result.blocks]
    assert any("circle" in text for text in told)


def test_without_a_catalog_it_says_what_to_do(fresh_session: Session) -> None:
    for line in ("%graph", "%catalog", "%catalog File[/x]"):
        result = fresh_session.run_cell(line)
        assert result.ok
        assert "run a cell with a manifest" in str(result.blocks)


def test_an_empty_catalog_has_no_picture(session: Session) -> None:
    session.run_cell("$x = 1")
    assert "no resources" in str(session.run_cell("%graph").blocks)


@pytest.mark.parametrize(
    "name",
    [
        '"]; click n0 call alert() [',
        "end",
        "a\nb\r\n%%{init: {}}%%",
        "<script>alert(1)</script>",
        "`x` **y** _z_ $$m$$",
        "#quot; &lt; ]]>",
        "🎉 日本 \u202e\u2028",
        "x" * 5_000,
    ],
)
def test_no_name_breaks_the_picture(name: str) -> None:
    nodes = [mermaid.Node(name, "changed"), mermaid.Node("z", "failed")]
    text = mermaid.flowchart(nodes, [mermaid.Line(name, "z", "-->", name)])
    lines = text.split("\n")
    assert lines[0] == "flowchart TB"
    quoted = r'"[A-Za-z0-9 /.:\-#;]*"'
    grammar = re.compile(
        rf"  (n\d\[{quoted}\]:::\w+|n0 -->(\|{quoted}\|)? n1"
        r"|classDef \w+ [\w:#, -]+|linkStyle 0 [\w:#,]+)"
    )
    assert [line for line in lines[1:] if not grammar.fullmatch(line)] == []
    assert max(map(len, lines)) < 700


def test_boxes_are_inside_of_boxes_and_lines_never_go_into_their_own() -> None:
    nodes = [
        mermaid.Node("a", "unknown"),
        mermaid.Node("b", "unknown", inside="a"),
        mermaid.Node("c", "unknown", inside="b"),
    ]
    lines = [mermaid.Line("a", "c"), mermaid.Line("c", "a"), mermaid.Line("x", "y")]
    text = mermaid.flowchart(nodes, lines)
    assert "-->" not in text
    assert text.count("subgraph") == text.count(" end") == 2


def test_order_follows_containers() -> None:
    found = catalog("late box in early", ("box", "late", "before"), **{"in": "box"})
    assert in_order(found) == ["box", "in", "late", "early"]
    found = catalog("in box first", ("first", "box", "before"), **{"in": "box"})
    assert in_order(found) == ["first", "box", "in"]


def test_circles_are_found_through_containers() -> None:
    found = catalog(
        "a box in z",
        ("box", "a", "before"),
        ("a", "in", "notify"),
        ("a", "z", "before"),
        **{"in": "box"},
    )
    assert {(e.source, e.target) for e in in_circles(found)} == {
        ("box", "a"),
        ("a", "in"),
    }
    assert set(in_order(found)) == {"a", "box", "in", "z"}
    assert essential(found) == found.edges


def test_only_what_does_not_follow_is_drawn() -> None:
    found = catalog(
        "a b c d",
        ("a", "b", "before"),
        ("b", "c", "auto"),
        ("a", "c", "before"),
        ("a", "d", "notify"),
        ("c", "d", "before"),
    )
    kept = {(e.source, e.target) for e in essential(found)}
    assert kept == {("a", "b"), ("b", "c"), ("a", "d"), ("c", "d")}


def test_a_long_chain_is_no_trouble() -> None:
    names = [f"r{i}" for i in range(500)]
    chain = [(a, b, "before") for a, b in pairwise(names)]
    found = catalog(" ".join(names), *chain, ("r499", "r0", "before"))
    assert len(in_circles(found)) == 500
    assert picture(found, {})


def test_of_many_only_the_telling_are_drawn() -> None:
    names = [f"r{i}" for i in range(MANY + 40)]
    found = catalog(" ".join(names), ("r7", "r90", "before"))
    blocks = picture(found, {"r3": State.FAILED, "r4": State.UNCHANGED})
    diagram = blocks[0]
    assert isinstance(diagram, Diagram)
    assert set(styles(diagram)) == {"r3", "r7", "r90"}
    assert diagram.text.count("\n") == len(names) - 1
    assert "3 of 100 resources are drawn" in str(blocks)
    changed = dict.fromkeys(names * 2, State.CHANGED)
    diagram = picture(catalog(" ".join(names)), changed)[0]
    assert isinstance(diagram, Diagram)
    assert len(styles(diagram)) == MOST


def test_mermaid_can_take_the_largest_picture() -> None:
    names = [f"T[{i}{'<' * 500}" for i in range(500)]
    edges = [(a, b, "notify") for a in names[:45] for b in names[:45] if a < b]
    blocks = picture(catalog(" ".join(names), *edges), {})
    diagram = blocks[0]
    assert isinstance(diagram, Diagram)
    assert len(diagram.mermaid) < 50_000
    assert len(re.findall("==>|~~~|-->", diagram.mermaid)) < 500
