"""Attacks on what a check asks: its programs, the package list, service scripts."""

import pytest

from puppetcamp.grading.verdicts import passed
from tests.docker.tampering.attack import EXPECT_TEST, HONEST, Attack, root, script
from tests.docker.tampering.conftest import Strike
from tests.unit.grading.notebooks import code

pytestmark = pytest.mark.docker

EXPECT_TREE = "%%expect\npackage { 'tree': ensure => installed }"
EXPECT_NGINX = "%%expect\nservice { 'nginx': ensure => running }"
EXPECT_SHELL = (
    "%%expect\nexec { '/bin/false':\n"
    "  unless => 'grep -q right /srv/answer',\n"
    "  provider => shell, path => $facts['path'] }"
)

PACKAGE = (
    "package { 'cron': ensure => installed }\nservice { 'cron': ensure => stopped }"
)
EXPECT_CRON = "%%expect\nservice { 'cron': ensure => running }"
INSTALLED = "install ok installed tree 2.2.1-1"

EXPECT_GREP = (
    "%%expect\nexec { '/bin/false':\n"
    "  unless => 'grep -q right /srv/answer', path => $facts['path'] }"
)

ATTACKS = [
    Attack(
        name="dpkg-query replaced",
        cells=(
            root(
                script("/usr/bin/dpkg-query", "#!/bin/sh", f"echo '{INSTALLED}'"),
            ),
        ),
        check=EXPECT_TREE,
        flag="/usr/bin/dpkg-query",
    ),
    Attack(
        name="grep in front on the path",
        cells=(root(script("/usr/local/bin/grep", "#!/bin/sh", "exit 0")),),
        check=EXPECT_GREP,
        flag="/usr/local/bin/grep",
    ),
    Attack(
        name="forged package list",
        cells=(
            root(
                "cat >> /var/lib/dpkg/status << 'END'",
                "",
                "Package: tree",
                "Status: install ok installed",
                "Maintainer: nobody <nobody@example.com>",
                "Architecture: amd64",
                "Version: 2.2.1-1",
                "Description: forged",
                "",
                "END",
            ),
        ),
        check=EXPECT_TREE,
        flag="tree",
    ),
    Attack(
        name="a package of the attendee's own making",
        cells=(
            root(
                "mkdir -p /tmp/fake/DEBIAN; cd /tmp",
                "printf 'Package: tree\\nVersion: 2.2.1-1\\nArchitecture: amd64\\n"
                "Maintainer: x <x@example.com>\\nDescription: x\\n'"
                " > fake/DEBIAN/control",
                "dpkg-deb -b fake tree.deb && dpkg -i tree.deb",
            ),
        ),
        check=EXPECT_TREE,
        flag="tree",
    ),
    Attack(
        name="a package archive of the attendee's own making",
        cells=(
            root(
                "mkdir -p /tmp/fake/DEBIAN /tmp/fake/usr/bin; cd /tmp",
                "printf 'Package: tree\\nVersion: 2.2.1-1\\nArchitecture: amd64\\n"
                "Maintainer: x <x@example.com>\\nDescription: x\\n'"
                " > fake/DEBIAN/control",
                script("fake/usr/bin/tree", "#!/bin/sh"),
                "dpkg-deb -b fake tree.deb && dpkg -i tree.deb",
                "cp tree.deb /srv/apt/pool/tree_2.2.1-1_amd64.deb",
            ),
        ),
        check=EXPECT_TREE,
        flag="/srv/apt|tree",
    ),
    Attack(
        name="a service script that always runs",
        cells=(root(script("/etc/init.d/nginx", "#!/bin/sh", "exit 0")),),
        check=EXPECT_NGINX,
        flag="nginx",
    ),
    Attack(
        name="settings of a service that end its script with success",
        cells=(code(PACKAGE), root("echo 'exit 0' >> /etc/default/cron")),
        check=EXPECT_CRON,
        flag="/etc/default/cron",
    ),
    Attack(
        name="another program under a service's number",
        cells=(
            code(PACKAGE),
            root(
                "cp /usr/bin/sleep /tmp/cron",
                "setsid /tmp/cron 300 > /dev/null 2>&1 < /dev/null &",
                "echo $! > /run/crond.pid",
            ),
        ),
        check=EXPECT_CRON,
        flag="cron",
    ),
    Attack(
        name="the program of a package replaced",
        cells=(
            code(PACKAGE),
            root(
                "cp /usr/bin/sleep /usr/sbin/cron",
                "setsid /usr/sbin/cron 300 > /dev/null 2>&1 < /dev/null &",
                "echo $! > /run/crond.pid",
            ),
        ),
        check=EXPECT_CRON,
        flag="/usr/sbin/cron",
    ),
    Attack(
        name="the service command replaced",
        cells=(
            root(
                "ls /usr/sbin/service",
                script("/etc/init.d/nginx", "#!/bin/sh", "exit 3"),
                script("/usr/sbin/service", "#!/bin/sh", "exit 0"),
                script("/usr/local/sbin/service", "#!/bin/sh", "exit 0"),
            ),
        ),
        check=EXPECT_NGINX,
        flag="service|nginx",
    ),
    Attack(
        name="test replaced",
        cells=(root(script("/usr/bin/test", "#!/bin/sh", "exit 0")),),
        check=EXPECT_TEST,
        flag="/usr/bin/test",
    ),
    Attack(
        name="shell replaced",
        cells=(
            root(
                "cp /bin/dash /tmp/dash",
                script("/opt/sh", "#!/tmp/dash", "exit 0"),
                "mv /opt/sh /usr/bin/sh",
            ),
        ),
        check=EXPECT_SHELL,
        flag="/usr/bin/sh",
    ),
    Attack(
        name="an alternative replaced",
        cells=(
            root(
                script("/opt/awk", "#!/bin/sh", "exit 0"),
                "ln -sf /opt/awk /etc/alternatives/awk",
            ),
        ),
        check="%%expect\nexec { '/bin/false': unless => '/usr/bin/awk 1 /srv/no' }",
        flag="/etc/alternatives/awk",
    ),
    Attack(
        name="ruby and puppet replaced",
        cells=(
            root(
                "cp /bin/true /usr/bin/ruby; cp /bin/true /usr/bin/puppet",
                script("/usr/bin/puppet", "#!/bin/sh", "exit 0"),
            ),
        ),
        check="%%expect\nexec { '/bin/false': unless => '/usr/bin/puppet lookup x' }",
        flag="/usr/bin/(puppet|ruby)",
    ),
    Attack(
        name="test replaced and put back before the check",
        cells=(
            root(
                "cp -p /usr/bin/test /tmp/test.kept",
                script("/usr/bin/test", "#!/bin/sh", "exit 0"),
            ),
        ),
        restores=(root("cp -p /tmp/test.kept /usr/bin/test"),),
        check=EXPECT_TEST,
        flag="/usr/bin/test",
    ),
]


SERVICE = Attack(
    name="none: a package and its service",
    cells=(
        code(
            "package { 'cron': ensure => installed }\n"
            '-> file { \'/etc/default/cron\': content => "EXTRA_OPTS=\\"-L 1\\"\\n" }\n'
            "-> service { 'cron': ensure => running }"
        ),
    ),
    check=EXPECT_CRON,
    flag="",
)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_it_earns_nothing_and_is_told(strike: Strike, attack: Attack) -> None:
    attack.prove(strike(attack))


def test_honest_work_beside_them_gets_its_points(strike: Strike) -> None:
    graded = strike(HONEST)
    assert passed(graded.cells[-1])
    assert graded.flags == ()


@pytest.mark.parametrize("work", [SERVICE], ids=lambda work: work.name)
def test_a_package_and_its_service_are_honest_work(
    strike: Strike, work: Attack
) -> None:
    graded = strike(work)
    assert passed(graded.cells[-1])
    assert graded.flags == ()
