"""A whole notebook, run as a grader or nbconvert would run it."""

from pathlib import Path

import nbformat
import pytest

from puppet_kernel.display import outputs
from puppet_kernel.install import install
from puppet_kernel.session import Session
from tests.kernel.conftest import KERNEL_PATH

nbclient = pytest.importorskip("nbclient")

pytestmark = pytest.mark.filterwarnings("default::ResourceWarning")


def test_the_kernel_and_the_session_show_the_same(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(prefix=str(tmp_path))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share" / "jupyter"))
    monkeypatch.setenv("PYTHONPATH", str(KERNEL_PATH))
    sources = [
        "notice('hello')\nnotify { 'x': message => '<b>' }",
        "exec { '/bin/sh -c \"echo one; echo two\"': logoutput => true }",
        f"%%expect a\nfile {{ '{tmp_path}/absent': ensure => absent }}",
        f"%%expect b\nfile {{ '{tmp_path}/absent': ensure => file }}",
        "%%sh\necho before; exit 4",
        "file { '/x' ensure => file }",
        "",
    ]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    client = nbclient.NotebookClient(
        notebook,
        kernel_name="puppet",
        allow_errors=True,
        timeout=60,
        coalesce_streams=True,
    )
    client.execute()
    for cell in notebook.cells:
        expected = outputs(session.run_cell(cell.source))
        # A result that took the place of a slow cell's progress stands above what the
        # cell has printed.
        assert _sorted(cell.outputs) == _sorted(expected)
    nbformat.validate(notebook)


def _sorted(found: list[dict[str, object]]) -> list[object]:
    return sorted(map(_steady, found), key=repr)


def _steady(output: dict[str, object]) -> object:
    """Return an output without the seconds it took."""
    text = nbformat.from_dict(output)  # type: ignore[no-untyped-call]
    if text["output_type"] == "display_data":
        plain = text["data"]["text/plain"].rpartition(", in ")[0]
        return ["display_data", plain, sorted(text["data"])]
    return dict(text)
