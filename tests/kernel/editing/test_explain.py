"""What is said of the word under the cursor."""

from pathlib import Path

import pytest

from puppet_kernel.editing import Editor
from tests.kernel.editing.marks import explained, split


@pytest.mark.parametrize(
    ("marked", "told"),
    [
        # Types, their attributes and values.
        ("fi‸le { '/x': }", ["file (resource type)", "Manages files", "ensure"]),
        ("file‸ { '/x': }", ["file (resource type)"]),
        ("gad‸get { 'x': }", ["gadget (resource type)", "A thing with a colour."]),
        ("Gad‸get { colour => red }", ["gadget (resource type)"]),
        ("gadget { 'x': col‸our => red }", ["colour (property of gadget)"]),
        ("gadget { 'x': colour => r‸ed }", ["The colour of it.", "Default: red"]),
        ("gadget { 'x': colour => 'r‸ed' }", ["colour (property of gadget)"]),
        ("gadget { 'x': na‸me => 'y' }", ["the title if it is left out"]),
        ("gadget { 'x': no‸op => true }", ["noop (metaparameter)", "noop mode"]),
        ("gadget { 'x': ‸ }", ["gadget (resource type)"]),
        # What modules hold.
        ("web::si‸te { 'x': }", ["web::site (defined type)", "A site of the server."]),
        ("web::site { 'x': ro‸ot => 1 }", ["root String", "its folder"]),
        ("include we‸b", ["web (class)", "Serve pages.", "port Integer, required"]),
        ("include 'we‸b'", ["web (class)"]),
        ("class { 'we‸b': }", ["web (class)"]),
        ("class { 'web': po‸rt => 1 }", ["port Integer", "where it listens"]),
        ("class { 'web': mo‸de => 1 }", ["Values: 'fast', 'safe'", "Default: 'fast'"]),
        ("class x(Web::Mo‸de $a) {}", ["type Web::Mode = Enum['fast', 'safe']"]),
        ("$a = web::ur‸l('x')", ["web::url(String $host", "Return an address."]),
        ("$a = web::tw‸ice(1)", ["[String $unit]", "Doubles a number."]),
        ("$a = web::br‸oken(1)", ["web::broken (function)"]),
        # Functions.
        ("$a = [1].ea‸ch |$x| { }", ["each(Hash $hash, &$block)", "lambda"]),
        ("$a = fi‸le('x')", ["file (function)"]),
        ("$a = split('a', ‸)", ["split (function)"]),
        ("inc‸lude web", ["include (function)"]),
        ("$a = fqdn_ra‸nd(3)", ["fqdn_rand (function)"]),
        # Variables and facts.
        ("$own = 1\nnotice($o‸wn)", ["$own (variable)", "set in this cell"]),
        ("class x(String $p) { notice($‸p) }", ["$p (variable)", "String"]),
        ("notice($fac‸ts)", ["$facts (fact, Hash)", "kernelrelease"]),
        ("notice($facts['ker‸nel'])", ["$facts['kernel'] (fact, String)", '"Linux"']),
        ("notice(\"${facts['ker‸nel']}\")", ['"Linux"']),
        ("notice($facts.get('os.fam‸ily'))", ["$facts['os']['family']"]),
        ("notice($facts['no‸ne'])", ["no such fact"]),
        ("notice($kern‸el)", ['"Linux"']),
        ("notice($trus‸ted)", ["certificate"]),
        # References, words, magics.
        ("file { '/a': }\nFile['/‸a'] -> File['/b']", ["File[/a] (resource)", "cell"]),
        ("Fi‸le['/never']", ["No cell has declared it"]),
        ("cla‸ss x { }", ["class (keyword)"]),
        ("$a = un‸def", ["undef (keyword)"]),
        ("class x(Opt‸ional[String] $a) { }", ["Optional (data type)"]),
        ("%%exp‸ect x", ["%%expect (magic)", "%%expect [NAME]"]),
        ("%lookup k‸ey", ["%lookup (magic)"]),
        ("%%noop\nfi‸le { '/x': }", ["file (resource type)"]),
    ],
)
def test_what_is_told(editor: Editor, marked: str, told: list[str]) -> None:
    page = explained(editor, marked)
    for text in told:
        assert text in page.replace("`", "")


@pytest.mark.parametrize(
    "marked", ["‸", "nosuch‸thing", "# fi‸le", "%%sh\nfi‸le", "%nosu‸ch", "$a = 12‸"]
)
def test_nothing_is_told_of_nothing(editor: Editor, marked: str) -> None:
    assert explained(editor, marked) == ""


def test_there_is_more_for_those_who_ask(editor: Editor) -> None:
    for marked in ("fi‸le { 'x': }", "inc‸lude web", "include we‸b"):
        brief, full = explained(editor, marked), explained(editor, marked, full=True)
        assert len(brief) < len(full)
    assert "More about it." in full
    assert "loglevel" in full


def test_a_resource_tells_how_it_fared(editor: Editor, tmp_path: Path) -> None:
    path = tmp_path / "x"
    editor.session.run_cell(f"\nfile {{ '{path}': ensure => file }}")
    page = explained(editor, f"File['{path}‸']")
    assert "Declared in another cell, line 2" in page
    assert "In the last run: changed" in page


def test_a_page_is_markdown(editor: Editor) -> None:
    page = editor.explain(*split("$a = web::ur‸l('x')"))
    assert page is not None
    assert page.markdown.startswith("**web::url** (function)\n\n```puppet\nweb::url(")
    assert "```" not in page.plain
    assert "**" not in page.plain
