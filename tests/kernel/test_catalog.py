"""The catalog that a run leaves behind, and what a hostile node can make of it."""

import json
from typing import Any

import pytest

from puppet_kernel.catalog import MAX_EDGES, MAX_RESOURCES, Catalog, Edge, Order, read
from puppet_kernel.catalog_order import in_order
from puppet_kernel.session import Session


def last(session: Session) -> Catalog:
    return read(session.memory.drawn)


def edges(catalog: Catalog) -> set[tuple[str, str, Order, str]]:
    return {(e.source, e.target, e.order, e.said_by) for e in catalog.edges}


@pytest.mark.parametrize("magic", ["", "%%noop\n", "%%expect\n"])
def test_every_run_leaves_its_catalog(fresh_session: Session, magic: str) -> None:
    fresh_session.run_cell(f"{magic}notify {{ 'a': message => 'b' }}")
    (resource,) = last(fresh_session).resources
    assert resource.reference == "Notify[a]"
    assert resource.parameters == (("message", "'b'"),)
    assert resource.code == "notify { 'a':\n  message => 'b',\n}"
    assert resource.file is None
    assert resource.line == (2 if magic else 1)


def test_edges_say_why(session: Session, tmp_path: Any) -> None:
    session.run_cell(f"""
        file {{ '{tmp_path}/d': ensure => directory }}
        file {{ '{tmp_path}/d/f': content => 'x', before => Notify['r'] }}
        notify {{ 'r': require => Notify['s'] }}
        notify {{ 's': }}
        exec {{ '/bin/true': refreshonly => true, subscribe => File['{tmp_path}/d/f'] }}
        Notify['s'] ~> Exec['/bin/true']
    """)
    folder, file = f"File[{tmp_path}/d]", f"File[{tmp_path}/d/f]"
    assert edges(last(session)) == {
        (folder, file, Order.AUTO, ""),
        (file, "Notify[r]", Order.BEFORE, "before"),
        ("Notify[s]", "Notify[r]", Order.BEFORE, "require"),
        (file, "Exec[/bin/true]", Order.NOTIFY, "subscribe"),
        ("Notify[s]", "Exec[/bin/true]", Order.NOTIFY, "notify"),
    }


def test_classes_and_defines_contain_their_resources(session: Session) -> None:
    session.run_cell("""
        class outer { notify { 'in outer': } contain inner }
        class inner { pair { 'p': } }
        define pair() { notify { "one ${title}": } }
        notify { 'first': before => Class['outer'] }
        include outer
    """)
    catalog = last(session)
    inside = {r.reference: r.inside for r in catalog.resources}
    assert inside == {
        "Class[Outer]": "",
        "Notify[in outer]": "Class[Outer]",
        "Class[Inner]": "Class[Outer]",
        "Pair[p]": "Class[Inner]",
        "Notify[one p]": "Pair[p]",
        "Notify[first]": "",
    }
    assert catalog.classes == ("outer", "inner")
    assert in_order(catalog)[0] == "Notify[first]"
    found = catalog.find("class['outer']")
    assert found is not None
    assert (found.line, found.code) == (2, "class { 'outer': }")


def test_values_are_puppet_code(session: Session) -> None:
    session.run_cell(r"""
        define holder($v) { }
        holder { "it's": v => {
          'text' => "a\n\$b \"c\"", 'list' => [1, true, undef, 2.5],
          'quote' => 'it\'s\\', 'ref' => File['/x'], 'empty' => {} } }
    """)
    (resource,) = last(session).resources
    (_, value) = resource.parameters[0]
    assert r'"a\n\$b \"c\""' in value
    assert r"'quote' => 'it\'s\\'" in value
    assert "'list' => [1, true, undef, 2.5]" in value
    assert "'ref' => File['/x']" in value
    assert "'empty' => {}" in value
    # What is written can be read back.
    again = session.run_cell(f"define holder($v) {{ }}\n{resource.code}")
    assert again.ok
    assert last(session).resources[0].parameters == resource.parameters


def test_sensitive_values_never_leave_the_node(session: Session, tmp_path: Any) -> None:
    result = session.run_cell(f"""
        class secretive($p, Sensitive $q) {{
          file {{ '{tmp_path}/s': content => $q }}
          file {{ '{tmp_path}/t':
            content => Deferred('new', [Sensitive, 'swordfish']) }}
          notify {{ 'n': message => "it is ${{q}}" }}
        }}
        define d($v) {{ }}
        d {{ 'x': v => {{ 'deep' => [Sensitive('swordfish')] }} }}
        $secret = Sensitive('swordfish')
        class {{ 'secretive': p => $secret, q => $secret }}
    """)
    assert result.ok, result.errors
    told = json.dumps(session.memory.drawn)
    assert "swordfish" not in told
    assert told.count("redacted") >= 5


def test_a_cycle_leaves_a_catalog_too(session: Session) -> None:
    result = session.run_cell("""
        notify { 'x': require => Notify['y'] }
        notify { 'y': require => Notify['x'] }
    """)
    assert not result.ok
    assert len(last(session).edges) == 2
    assert session.memory.drawn_result == result


def test_what_does_not_compile_leaves_the_one_before(session: Session) -> None:
    session.run_cell("notify { 'kept': }")
    assert not session.run_cell("notify { 'lost': nope => 1 }").ok
    assert last(session).find("Notify[kept]")


def test_a_large_catalog_is_cut(session: Session) -> None:
    result = session.run_cell("""
        Integer[1, 700].each |$i| {
          notify { "n${i}": message => sprintf('%3000s', 'x'), withpath => false }
        }
    """)
    assert result.ok, result.errors
    catalog = last(session)
    assert (len(catalog.resources), catalog.left_out) == (MAX_RESOURCES, 200)
    assert len(json.dumps(session.memory.drawn)) < 1_000_000


def test_aliases_and_generated_resources(session: Session, tmp_path: Any) -> None:
    (tmp_path / "from").mkdir()
    for name in ("a", "b"):
        (tmp_path / "from" / name).write_text(name)
    session.run_cell(f"""
        file {{ 'folder':
          path => '{tmp_path}/to', ensure => directory, recurse => true,
          source => '{tmp_path}/from' }}
        notify {{ 'after': require => File['{tmp_path}/to'] }}
    """)
    catalog = last(session)
    assert [r.reference for r in catalog.resources] == ["File[folder]", "Notify[after]"]
    assert edges(catalog) == {
        ("File[folder]", "Notify[after]", Order.BEFORE, "require")
    }


_RESOURCE = {"ref": "A[b]", "type": "A", "title": "b"}
_EDGES = [["A[b]", "A[b]", "before", "x"]]
_HOSTILE: tuple[Any, ...] = (
    None,
    [],
    "catalog",
    {"resources": {"a": 1}, "edges": 5, "classes": "x", "left_out": []},
    {"resources": [None, [], {"ref": 5}, {"ref": "A[b]", "parameters": [1, ["a"]]}]},
    {"resources": [_RESOURCE], "edges": [None, ["A[b]"], ["A[b]", "C[d]", "x", ""]]},
    {"resources": [{**_RESOURCE, "line": -1, "file": 7, "in": {}, "title": "\ud800"}]},
    {"resources": [{**_RESOURCE, "in": "A[b]"}]},
    {"resources": [{**_RESOURCE, "ref": ""}]},
    {"resources": [_RESOURCE] * 3, "edges": [[{}, [], 1, None]]},
    {"left_out": {"resources": 10**30}},
)


@pytest.mark.parametrize("event", _HOSTILE)
def test_nonsense_is_survived(event: Any) -> None:
    catalog = read(event)
    assert in_order(catalog) == [r.reference for r in catalog.resources]
    for resource in catalog.resources:
        resource.code.encode()
        assert resource.inside == ""


def test_too_much_is_cut() -> None:
    name = "A[" + "x" * 10_000
    event = {
        "resources": [{"ref": f"{i} {name}"} for i in range(5_000)],
        "edges": [["0 " + name[:498], "1 " + name[:498], "before", "x"]] * 100_000,
    }
    catalog = read(event)
    assert len(catalog.resources) == MAX_RESOURCES
    assert len(catalog.resources[0].reference) <= 500
    assert len(catalog.edges) <= MAX_EDGES


def test_containers_in_a_circle_are_opened() -> None:
    ring = {"a": "b", "b": "c", "c": "a", "d": "a", "e": "nobody"}
    event = {"resources": [{"ref": r, "in": inside} for r, inside in ring.items()]}
    catalog = read(event)
    assert {r.reference: r.inside for r in catalog.resources} == {
        "a": "",
        "b": "c",
        "c": "a",
        "d": "a",
        "e": "",
    }


def test_the_same_edge_is_told_once() -> None:
    event = {
        "resources": [{"ref": "a"}, {"ref": "b"}],
        "edges": [["a", "b", "before", "require"]] * 2,
    }
    assert read(event).edges == (Edge("a", "b", Order.BEFORE, "require"),)
