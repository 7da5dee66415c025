"""What voids the checks of a node, what is only told, and what is nobody's business."""

from typing import Any

import pytest

from puppetcamp.grading.inside import Inside, Package
from puppetcamp.grading.integrity import Integrity

TREE = Package("2.2.1-1", (), {"/usr/bin/tree": "aa"})
CRON = Package(
    "3.0",
    ("cron-daemon-common",),
    {"/usr/sbin/cron": "bb", "/etc/init.d/cron": "cc", "/etc/default/cron": "dd"},
)
COMMON = Package("3.0", (), {})
META = Package("1.26", ("nginx",), {})
NGINX = Package(
    "1.26", (), {"/usr/sbin/nginx": "ee", "/usr/lib/nginx/mod.so": "-> mod.so.1"}
)

INSIDE = Inside(
    worker="/opt/kernel/ruby/worker.rb",
    user="attendee",
    home="/home/attendee",
    fresh={
        "/usr/bin": ("folder", None),
        "/usr/bin/test": ("file", "11"),
        "/usr/bin/less": ("file", "22"),
        "/usr/bin/awk": ("link", "/etc/alternatives/awk"),
        "/etc/alternatives/awk": ("link", "/usr/bin/test"),
        "/etc/nsswitch.conf": ("file", "33"),
        "/etc/default/locale": ("file", "44"),
    },
    installed={"less": "668", "coreutils": "9"},
    owners={"/usr/bin/less": "less", "/usr/bin/test": "coreutils"},
    archive={
        "tree": TREE,
        "cron": CRON,
        "cron-daemon-common": COMMON,
        "nginx-light": META,
        "nginx": NGINX,
    },
)
BASE = dict(INSIDE.installed)


def report(*changed: list[Any], **more: Any) -> dict[str, Any]:
    """Make what the checker reports of a node on which nothing else happened."""
    return {
        "changed": list(changed),
        "packages": None,
        "libraries": [],
        "accounts": [],
        "daemons": [],
        "left_running": [],
        "used_up": {"processes": 0, "memory": 0},
        "overflow": False,
        **more,
    }


def judged(*changed: list[Any], **more: Any) -> Integrity:
    node = Integrity(INSIDE)
    node.seen(report(*changed, **more))
    return node


def file(path: str, detail: str = "99", when: float = 5.0) -> list[Any]:
    return [path, "file", when, detail]


@pytest.mark.parametrize(
    ("seen", "word"),
    [
        pytest.param(file("/usr/bin/test"), "/usr/bin/test was changed", id="program"),
        pytest.param(["/usr/bin/test", "link", 5.0, "/opt/x"], "test was", id="link"),
        pytest.param(file("/etc/nsswitch.conf"), "nsswitch", id="name services"),
        pytest.param(file("/etc/ld.so.preload"), "ld.so.preload", id="preloaded"),
        pytest.param(file("/usr/local/bin/test"), "takes the place", id="in front"),
        pytest.param(file("/usr/local/bin/nginx"), "takes the place", id="packaged"),
        pytest.param(file("/usr/lib/ruby/x.rb"), "was added", id="Ruby"),
        pytest.param(file("/opt/kernel/ruby/run/x.rb"), "was added", id="worker"),
        pytest.param(file("/usr/lib/x/libnss_evil.so.2"), "was added", id="library"),
        pytest.param(file("/usr/sbin/cron"), "differs", id="packaged program"),
        pytest.param(file("/etc/init.d/cron"), "differs", id="service script"),
        pytest.param(file("/etc/default/cron"), "more than settings", id="settings"),
        pytest.param(
            ["/etc/alternatives/awk", "link", 5.0, "/opt/awk"], "awk", id="alternative"
        ),
        pytest.param(
            ["/usr/bin", "folder", 5.0, ["less", "awk"]], "test was removed", id="gone"
        ),
        pytest.param(["/usr/bin", "folder", 5.0, None], "replaced", id="no folder"),
    ],
)
def test_what_checks_rely_on_is_not_to_be_touched(seen: list[Any], word: str) -> None:
    (violation,) = judged(seen).violations
    assert word in violation


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(file("/usr/local/bin/backup"), id="an own program"),
        pytest.param(file("/usr/lib/hello/run"), id="an own folder"),
        pytest.param(file("/etc/init.d/hello"), id="an own service"),
        pytest.param(file("/etc/default/hello"), id="its settings"),
        pytest.param(file("/etc/default/locale", "plain"), id="plain settings"),
        pytest.param(file("/usr/bin/tree", "aa"), id="a packaged program"),
        pytest.param(
            ["/usr/lib/nginx/mod.so", "link", 5.0, "mod.so.1"], id="a packaged link"
        ),
        pytest.param(
            ["/etc/alternatives/awk", "link", 5.0, "/usr/bin/less"], id="alternative"
        ),
        pytest.param(["/etc/ld.so.preload", "gone", 0.0, None], id="never there"),
    ],
)
def test_what_honest_answers_do_is_nobodys_business(seen: list[Any]) -> None:
    node = judged(seen)
    assert (node.violations, node.flags) == ([], [])


@pytest.mark.parametrize(
    ("seen", "more", "word"),
    [
        pytest.param(file("/etc/facter/facts.d/a.txt"), {}, "facts.d", id="facts"),
        pytest.param(file("/usr/local/lib/x.rb"), {}, "/usr/local/lib", id="site_ruby"),
        pytest.param(file("/usr/bin/test", "11"), {}, "put back", id="put back"),
        pytest.param(None, {"left_running": ["bash /x"]}, "bash /x", id="left"),
        pytest.param(None, {"accounts": [[4000, ["a", "b"]]]}, "a, b", id="accounts"),
        pytest.param(
            None, {"used_up": {"processes": 3, "memory": 0}}, "processes", id="forks"
        ),
        pytest.param(
            None, {"used_up": {"processes": 0, "memory": 1}}, "memory", id="memory"
        ),
        pytest.param(
            None, {"packages": {**BASE, "own": "1"}}, "own is not from", id="own .deb"
        ),
    ],
)
def test_what_is_odd_is_told(seen: list[Any], more: dict[str, Any], word: str) -> None:
    node = judged(*[seen] if seen else [], **more)
    assert node.violations == []
    assert word in node.flags[0]


def test_what_changes_while_checks_run_is_believed_by_nobody() -> None:
    node = Integrity(INSIDE)
    node.checked(4.0, 6.0)
    node.seen(report(file("/usr/bin/test", "11", when=5.0)))
    assert "while checks ran" in node.violations[0]


@pytest.mark.parametrize(
    ("changed", "packages", "why"),
    [
        pytest.param([], {"tree": "2.2.1-1"}, "missing", id="claimed"),
        pytest.param([file("/usr/bin/tree", "aa")], {"tree": "9"}, "version", id="own"),
        pytest.param([], {"nginx-light": "1.26"}, "nginx, which", id="without needs"),
        pytest.param(
            [file("/usr/sbin/cron", "bb")], {"cron": "3.0"}, "cron-daemon", id="half"
        ),
    ],
)
def test_a_package_is_what_dpkg_calls_it(
    changed: list[Any], packages: dict[str, str], why: str
) -> None:
    node = judged(*changed, packages={**BASE, **packages})
    assert why in node.violations[0]


def test_packages_come_and_go() -> None:
    node = judged(
        file("/usr/bin/tree", "aa"),
        ["/usr/bin", "folder", 5.0, ["test", "awk", "tree"]],
        packages={"coreutils": "9", "tree": "2.2.1-1"},
    )
    assert (node.violations, node.flags) == ([], [])


def test_a_package_that_is_still_there_is_not_removed() -> None:
    node = judged(packages={"coreutils": "9"})
    assert node.violations == [
        "package less is not removed: /usr/bin/less is still there"
    ]


@pytest.mark.parametrize(
    ("daemon", "true"),
    [
        pytest.param(["/run/crond.pid", "/usr/sbin/cron"], True, id="cron"),
        pytest.param(["/run/crond.pid", "/usr/bin/sleep"], False, id="another"),
        pytest.param(["/run/hello.pid", "/usr/bin/python3"], True, id="an own one"),
    ],
)
def test_a_pid_file_names_its_own_program(daemon: list[str], true: bool) -> None:
    assert (judged(daemons=[daemon]).violations == []) is true


def test_the_systems_numbers_belong_to_one_account() -> None:
    assert "ada" in judged(accounts=[[0, ["root", "ada"]]]).violations[0]


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"overflow": True}, id="too much"),
        pytest.param({"libraries": ["/opt/x.so"]}, id="the loader's list"),
        pytest.param({"changed": [["/x"]]}, id="nonsense"),
        pytest.param({"used_up": None}, id="more nonsense"),
    ],
)
def test_what_cannot_be_judged_is_not_believed(more: dict[str, Any]) -> None:
    assert judged(**more).violations


def test_only_what_does_one_thing_is_a_daemon() -> None:
    assert Integrity(INSIDE).daemons == [
        "/usr/bin/tree",
        "/usr/sbin/cron",
        "/usr/sbin/nginx",
    ]
