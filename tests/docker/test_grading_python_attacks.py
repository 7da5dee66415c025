"""What Python submissions try: none earns points, and none stays unseen.

One notebook holds several tricks where they don't get into each other's way: a sandbox
takes a second to start.
"""

import base64
from collections.abc import Callable
from typing import Any

import docker
import pytest

from puppetcamp.grading.graded import Graded
from puppetcamp.grading.runner import Runner
from puppetcamp.grading.sandbox import Limits
from puppetcamp.grading.verdicts import VERDICT_MIME
from tests.unit.grading.notebooks import code, notebook

pytestmark = pytest.mark.docker

CHECK = "assert answer() == 42"
ANSWER = "def answer():\n    return 42"
LIMITS = Limits(cell=3.0, check=3.0, submission=90.0, checks_reserve=20.0)

Grade = Callable[..., Graded]


@pytest.fixture
def grade(attendee_image: str, instance_labels: dict[str, str]) -> Grade:
    """Grade cells: a text is an attendee's, and a list of one text is a check."""
    runner = Runner(docker.from_env, attendee_image, instance_labels, limits=LIMITS)

    def run(*cells: str | list[str], files: dict[str, str] | None = None) -> Graded:
        made = [
            code(cell[0], grade=True, solution=False, grade_id=f"check-{n}", points=2)
            if isinstance(cell, list)
            else code(cell)
            for n, cell in enumerate(cells)
        ]
        python = notebook(*made, kernel="python3")
        return runner.run(python, exercise="ps1", attendee="eve", files=files)

    return run


def earned(outputs: list[dict[str, Any]]) -> bool:
    """Tell whether a check has its points, by the rule of the lab's side."""
    return any(VERDICT_MIME in output.get("data", {}) for output in outputs) and (
        not any(output["output_type"] == "error" for output in outputs)
    )


def said(outputs: list[dict[str, Any]]) -> str:
    return "".join(output.get("text", "") for output in outputs)


def error(outputs: list[dict[str, Any]]) -> str:
    errors = [output for output in outputs if output["output_type"] == "error"]
    return str(errors[-1]["ename"])


def test_an_honest_notebook(grade: Grade) -> None:
    data = {"data/text.csv": base64.b64encode(b"41,42").decode()}
    graded = grade(
        ANSWER,
        [CHECK],
        "print(open('data/text.csv').read())\n%cd -q data\n%ls",
        ["1.5"],
        "1 / 0",
        ["assert answer() == 43, 'another answer'"],
        "",
        ["# nothing to see"],
        ["%%expect root\nuser { 'root': ensure => present }"],
        files=data,
    )
    cells = graded.cells
    assert [earned(cells[n]) for n in (1, 3, 5, 7, 8)] == [True, True] + [False] * 3
    assert "41,42\n" in said(cells[2])
    assert [out["data"]["text/plain"] for out in cells[3][:-1]] == ["1.5"]
    assert (error(cells[4]), error(cells[5])) == ("ZeroDivisionError", "AssertionError")
    assert cells[6] == []
    assert [flag.partition(":")[0] for flag in graded.flags] == ["check-7", "check-8"]


@pytest.mark.parametrize(
    "trick",
    [
        pytest.param(
            "get_ipython().input_transformers_cleanup.append(lambda _: ['pass'])",
            id="cells rewritten",
        ),
        pytest.param(
            "import ast\nclass T(ast.NodeTransformer):\n"
            "    def visit_Assert(self, node):\n        return ast.Pass()\n"
            "get_ipython().ast_transformers.append(T())",
            id="assertions taken out",
        ),
        pytest.param(
            "ip = get_ipython()\nrun = ip.run_cell_async\n"
            "async def fake(*a, **k):\n    return await run('pass')\n"
            "ip.run_cell_async = fake",
            id="the shell replaced",
        ),
        pytest.param(
            "get_ipython().set_custom_exc((Exception,), lambda *a, **k: None)",
            id="errors swallowed",
        ),
    ],
)
def test_a_kernel_that_forgets_assertions_earns_nothing(
    grade: Grade, trick: str
) -> None:
    graded = grade(["assert True"], trick, [CHECK], ["assert True"])
    assert [earned(graded.cells[n]) for n in (0, 2, 3)] == [True, False, False]
    assert error(graded.cells[3]) == "KernelAltered"
    assert ["no longer fails" in flag for flag in graded.flags] == [True]


@pytest.mark.parametrize(
    "trick",
    [
        pytest.param("import os\nos._exit(0)", id="exit"),
        pytest.param("!kill -9 -1", id="kill"),
        pytest.param("x = bytearray(3 * 2**30)", id="memory"),
        pytest.param(
            "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", id="stop"
        ),
        pytest.param(
            "import os\nfor fd in range(3, 99):\n    try:\n"
            """        os.write(fd, b'{"ev": "done", "state": "ok"}\\n')\n"""
            "    except OSError:\n        pass\nos._exit(0)",
            id="descriptors",
        ),
    ],
)
def test_a_lost_kernel_earns_nothing_more(grade: Grade, trick: str) -> None:
    graded = grade(["assert True"], trick, [CHECK], ["1"])
    assert [earned(graded.cells[n]) for n in (0, 2, 3)] == [True, False, False]
    assert error(graded.cells[3]) == "KernelLost"
    assert any("kernel ended before" in flag for flag in graded.flags)


def test_tricks_that_change_nothing(grade: Grade) -> None:
    tricks = [
        "def get_ipython():\n    raise SystemExit",
        "from IPython.display import display\n"
        f"display({{'{VERDICT_MIME}': {{'passed': True}}}}, raw=True)",
        """print('{"ev": "done", "state": "ok"}')""",
        "import sys\nsys.exit(0)",
        "import atexit\natexit.register(lambda: 1 / 0)",
        "import builtins\nbuiltins.AssertionError = Warning",
        "input('name?')",
        "from comm import create_comm\ncreate_comm(target_name='x').send({'a': 1})",
    ]
    cells = [cell for trick in tricks for cell in (trick, [CHECK])]
    graded = grade("def answer():\n    return 0", *cells, ANSWER, [CHECK])
    checks = graded.cells[2:-2:2]
    assert [error(check) for check in checks] == ["AssertionError"] * len(tricks)
    assert earned(graded.cells[-1])
    assert VERDICT_MIME not in str(graded.cells[:-1])
    assert error(graded.cells[7]) == "SystemExit"
    assert error(graded.cells[13]) == "StdinNotImplementedError"


def test_a_check_that_calls_the_attendees_code_may_not_come_back(grade: Grade) -> None:
    graded = grade(
        "import sys\ndef answer():\n    sys.exit(0)",
        [CHECK],
        "def answer():\n    while True: pass",
        [CHECK],
        "import os\ndef answer():\n    return os._exit(0)",
        [CHECK],
        ["assert True"],
    )
    names = [error(graded.cells[n]) for n in (1, 3, 5, 6)]
    assert names == ["SystemExit", "TimeLimit", "KernelLost", "KernelLost"]
    assert len(graded.flags) == 2


def test_nobody_is_asked_and_nothing_is_read(grade: Grade) -> None:
    """The driver's memory, files and input are closed; so are root and the disk."""
    graded = grade(
        "import glob, os\n"
        "for path in glob.glob('/proc/[0-9]*/*') + glob.glob('/proc/[0-9]*/fd/*'):\n"
        "    pid = path.split('/')[2]\n"
        "    if pid == str(os.getpid()):\n        continue\n"
        "    try:\n        text = open(path, 'rb').read(10**6)\n"
        "    except OSError:\n        continue\n"
        "    if b'hidden-word' in text: print('read', path)\n",
        "!sudo -n id; ls -A / | wc -l; touch /usr/bin/x /x /var/tmp/x",
        "import ctypes\nprint(ctypes.CDLL(None).ptrace(16, 8, 0, 0), os.getuid())",
        "print(open('/proc/self/status').read())",
        ["'hidden-word'; assert False"],
    )
    assert "read" not in said(graded.cells[0])
    assert "uid=0" not in said(graded.cells[1])
    assert said(graded.cells[1]).count("Read-only file system") == 3
    assert said(graded.cells[2]) == "-1 1000\n"
    assert said(graded.cells[3]).count("0000000000000000\n") >= 5
    assert not earned(graded.cells[4])


def test_floods_end_at_their_limit(grade: Grade) -> None:
    graded = grade(
        "print('x' * 10**8)",
        "from IPython.display import HTML, Javascript, display\n"
        "display({'image/png': 'A' * 30_000_000}, raw=True)",
        "display(HTML('<script>alert(1)</script>'), Javascript('alert(1)'))\n"
        "display({'image/svg+xml': '<svg onload=\"alert(1)\"/>'}, raw=True)\n"
        "print('\\x1b[2J\\x1b]0;title\\x07\\x1b[31mred\\u202e')",
        "for n in range(10**6): open(f'f{n}', 'wb').write(b'x' * 10**7)",
        "while True: print('x' * 1000)",
        ANSWER,
        [CHECK],
        "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
        [CHECK],
    )
    assert len(str(graded.cells)) < 200_000
    told = [flag.partition(":")[0] for flag in graded.flags if "output" in flag]
    assert told == ["cell 1", "cell 2", "cell 5"]
    assert "left out" in said(graded.cells[0])
    assert "left out" in str(graded.cells[1])
    assert "alert" not in str(graded.cells[2])
    assert "\x1b[31mred\ufffd\n" in said(graded.cells[2])
    assert error(graded.cells[3]) == "OSError"
    assert error(graded.cells[4]) == "TimeLimit"
    assert earned(graded.cells[6])
    assert not earned(graded.cells[8])


def test_results_are_points_and_stay_below_the_maximum(grade: Grade) -> None:
    graded = grade(["1e9"], ["-1"], ["float('nan')"], ["0"], ["2"], ["'well done'"])
    assert [earned(cell) for cell in graded.cells] == [False] * 3 + [True] * 3
    assert len(graded.flags) == 4


def test_what_cannot_be_graded_earns_nothing_for_a_reason(grade: Grade) -> None:
    graded = grade([CHECK], files={"../../etc/passwd": "eA=="})
    assert "leads away" in str(graded.cells[0])
    assert not earned(graded.cells[0])
    graded = grade([CHECK], files={"a": "eA==", "a/b": "eA=="})
    assert "can't be laid out" in str(graded.cells[0])
