"""Attacks that plant code or settings where a check's process might load them."""

import platform

import pytest

from puppetcamp.grading.verdicts import passed
from tests.docker.tampering.attack import (
    EXPECT_TEST,
    HONEST,
    Attack,
    Cell,
    root,
    script,
    shell,
)
from tests.docker.tampering.conftest import Strike
from tests.docker.tampering.elf import as_command, says_and_leaves
from tests.docker.tampering.forgeries import PLANTED, of_a_child
from tests.unit.grading.notebooks import code

pytestmark = pytest.mark.docker

EXPECT_USER = "%%expect\nuser { 'ada': ensure => present, uid => '4000' }"
# `tidy` is a type that Puppet loads when it is named first.
EXPECT_TIDY = "%%expect\ntidy { '/srv/none': }\nfile { '/srv/answer': ensure => file }"
EXPECT_PAGE = (
    "%%expect\nexec { '/bin/false': unless => '/usr/bin/curl -fs http://localhost/' }"
)
EXPECT_WELCOME = (
    "%%expect\nexec { '/bin/false': provider => shell,\n"
    "  unless => 'curl -s http://localhost/ | grep -q Welcome' }"
)
PLANTED_FACT = (
    "%%expect\nunless $facts['answer'] == 'planted' { fail('there is no such fact') }\n"
    "file { '/etc': ensure => directory }"
)
PLANTED_TIDY = (
    f"{PLANTED}\nPuppet::Type.newtype(:tidy) {{ newparam(:path, namevar: true) }}"
)
LIBRARIES = "/usr/lib/x86_64-linux-gnu"
LEAVES = as_command(says_and_leaves(), "/opt/leaves.so")
FORGES = as_command(
    says_and_leaves(of_a_child().encode()), f"{LIBRARIES}/libnss_evil.so.2"
)
PROFILES = (
    "/etc/profile /etc/bash.bashrc /home/attendee/.bashrc /home/attendee/.profile"
    " /root/.bashrc /root/.profile"
)


def tidy_in(*folders: str) -> Cell:
    """Plant a type that takes all resources for in step."""
    lines = [
        f"mkdir -p {folder}; cp /tmp/tidy.rb {folder}/tidy.rb" for folder in folders
    ]
    return root("cat > /tmp/tidy.rb << 'END'", PLANTED_TIDY, "END", *lines)


NATIVE = [
    Attack(
        name="a library that is loaded before all others",
        cells=(root(LEAVES, "echo /opt/leaves.so > /etc/ld.so.preload"),),
        check=EXPECT_TEST,
        flag="/etc/ld.so.preload",
    ),
    Attack(
        name="a module of OpenSSL, for whatever speaks HTTP",
        cells=(
            root(
                LEAVES,
                "cat > /etc/ssl/openssl.cnf << 'END'",
                "openssl_conf = all",
                "[all]",
                "providers = modules",
                "[modules]",
                "leaves = it",
                "[it]",
                "module = /opt/leaves.so",
                "activate = 1",
                "END",
            ),
        ),
        check=EXPECT_PAGE,
        flag="/etc/ssl/openssl.cnf",
    ),
    Attack(
        name="a name service that answers for the check",
        cells=(
            root(
                FORGES,
                "sed -i 's/^passwd:.*/passwd: evil files/' /etc/nsswitch.conf",
                # Whoever asks for a name runs the library.
                "id nobody-at-all; echo status $?",
            ),
        ),
        check=EXPECT_USER,
        fools=False,
        bites="status 0",
        flag="libnss_evil|nsswitch",
    ),
]

ATTACKS = [
    Attack(
        name="a type in site_ruby",
        cells=(tidy_in("/usr/local/lib/site_ruby/puppet/type"),),
        check=EXPECT_TIDY,
        flag="site_ruby",
    ),
    Attack(
        name="a type in libdir and in modules",
        cells=(
            tidy_in(
                "/var/cache/puppet/lib/puppet/type",
                "/etc/puppet/code/modules/evil/lib/puppet/type",
                "/home/attendee/production/modules/evil/lib/puppet/type",
            ),
        ),
        check=EXPECT_TIDY,
        flag="Ruby|/var/cache/puppet/lib|modules",
    ),
    Attack(
        name="a type among Puppet's own",
        cells=(
            root(
                "cd /usr/lib/ruby/vendor_ruby/puppet/type",
                "cat > planted.rb << 'END'",
                f"{PLANTED}END",
                "cat planted.rb tidy.rb > both.rb; mv both.rb tidy.rb",
            ),
        ),
        check=EXPECT_TIDY,
        flag="/usr/lib/ruby",
    ),
    Attack(
        name="a custom fact",
        cells=(
            root(
                "mkdir -p /etc/facter/facts.d",
                "echo answer=planted > /etc/facter/facts.d/a.txt",
            ),
            code("notice($facts['answer'])"),
        ),
        check=PLANTED_FACT,
        flag="/etc/facter/facts.d",
    ),
    Attack(
        name="settings of Puppet",
        cells=(
            root("printf '[main]\\nshow_diff = nonsense\\n' > /etc/puppet/puppet.conf"),
            shell("grep nonsense /etc/puppet/puppet.conf"),
        ),
        fools=False,
        bites="nonsense",
        flag="/etc/puppet/puppet.conf",
    ),
    Attack(
        name="profiles that end every shell with success",
        cells=(
            root(
                f"for file in {PROFILES}; do echo 'exit 0' >> $file; done",
                "echo 'BASH_ENV=/etc/bash.bashrc' >> /etc/environment",
            ),
        ),
        check="%%expect\nexec { '/bin/false': unless => '/bin/bash -lc false' }",
        flag="/etc/profile",
    ),
    Attack(
        name="settings of curl",
        cells=(
            root(
                "echo Welcome > /srv/page",
                "echo 'url = \"file:///srv/page\"' > /root/.curlrc",
            ),
        ),
        check=EXPECT_WELCOME,
        flag="/root/.curlrc",
    ),
    Attack(
        name="another name for root",
        cells=(root("echo 'ada:x:0:0::/:/bin/sh' >> /etc/passwd; touch /srv/answer"),),
        check="%%expect\nfile { '/srv/answer': owner => 'ada' }",
        flag="ada",
    ),
    Attack(
        name="a wrapper around everything that lies on the path",
        cells=(
            root(
                script("/usr/local/sbin/dpkg-query", "#!/bin/sh", "exit 0"),
                script("/usr/local/bin/test", "#!/bin/sh", "exit 0"),
            ),
        ),
        check=(
            "%%expect\nexec { '/bin/false': path => $facts['path'],\n"
            "  unless => 'test -e /srv/no' }"
        ),
        flag="/usr/local/bin/test",
    ),
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_it_earns_nothing_and_is_told(strike: Strike, attack: Attack) -> None:
    attack.prove(strike(attack))


@pytest.mark.skipif(platform.machine() != "x86_64", reason="machine code for x86-64")
@pytest.mark.parametrize("attack", NATIVE, ids=lambda attack: attack.name)
def test_machine_code_earns_nothing_and_is_told(strike: Strike, attack: Attack) -> None:
    attack.prove(strike(attack))


def test_honest_work_beside_them_gets_its_points(strike: Strike) -> None:
    graded = strike(HONEST)
    assert passed(graded.cells[-1])
    assert graded.flags == ()
