"""Attacks by the manifest that a check applies or compiles once more."""

from dataclasses import replace

import pytest

from puppetcamp.grading.verdicts import passed
from tests.docker.tampering.attack import RIGHT, TIGHT, Attack, root, script
from tests.docker.tampering.conftest import Strike
from tests.docker.tampering.forgeries import PLANTED, of_a_child, of_a_worker
from tests.unit.grading.notebooks import code

pytestmark = pytest.mark.docker

SETTLED = "%%idempotent settled"
REPAIRED = "%%drift repaired\nfile { '/srv/answer': content => 'broken' }"
DECLARED = "%%compiled declared\nfile { '/srv/answer': content => 'right' }"

SHORT = replace(TIGHT, cell=8.0, check=6.0)

# Changes something in every run.
RESTLESS = f"{RIGHT}\nexec {{ '/bin/date': }}"
MODULE = "/home/attendee/production/modules/evil"


def put(path: str, *lines: str) -> str:
    """Return commands that put a text into a file."""
    body = "\n".join(lines)
    return f"mkdir -p $(dirname {path}); cat > {path} << 'FILE'\n{body}\nFILE"


RUBY_FUNCTION = f"""
Object.class_eval(%q(
{PLANTED}))
Puppet::Functions.create_function(:'evil::plant') do
  dispatch(:plant) {{}}
  def plant = 'planted'
end
"""

ATTACKS = [
    Attack(
        name="Ruby in a template",
        cells=(
            code(
                "notice(inline_template(@(END)))\n<%\nObject.class_eval %q(\n"
                f"{PLANTED}) %>ruby ran\n| END\n{RESTLESS}"
            ),
        ),
        check=SETTLED,
        fools=False,
        bites="ruby ran",
        reason="inline_template.*Ruby",
        flag=None,
    ),
    Attack(
        name="Ruby in a deferred template",
        cells=(
            code(
                "notify { 'x': message => Deferred('inline_template',\n"
                "  [\"<% File.write('/tmp/deferred', '1') %>ran\"]) }\n"
                f"{RIGHT}"
            ),
        ),
        check=SETTLED,
        fools=False,
        flag=None,
    ),
    Attack(
        name="a function of a module",
        cells=(
            root(
                put(f"{MODULE}/lib/puppet/functions/evil/plant.rb", RUBY_FUNCTION),
            ),
            code(f"notice(evil::plant())\n{RESTLESS}"),
        ),
        check=SETTLED,
        fools=False,
        bites="planted",
        reason="evil::plant.*Ruby",
        flag=None,
    ),
    Attack(
        name="a type of a module",
        cells=(
            root(
                put(
                    f"{MODULE}/lib/puppet/type/evil.rb",
                    PLANTED,
                    "Puppet::Type.newtype(:evil) { newparam(:name, namevar: true) }",
                ),
            ),
            code(f"evil {{ 'x': }}\n{RESTLESS}"),
        ),
        check=SETTLED,
        fools=False,
        bites="evil|unchanged|in step",
        reason="evil.*Ruby",
        flag=None,
    ),
    Attack(
        name="a fact and a backend of a module",
        cells=(
            root(
                put(f"{MODULE}/lib/facter/evil.rb", PLANTED),
                put(
                    f"{MODULE}/lib/puppet/functions/evil_data.rb",
                    PLANTED,
                    "Puppet::Functions.create_function(:evil_data) do",
                    "  dispatch(:data) { param 'Hash', :o; param 'Any', :c }",
                    "  def data(o, c) = {'planted' => 'yes'}",
                    "end",
                ),
                put(
                    "/home/attendee/production/hiera.yaml",
                    "version: 5",
                    "hierarchy:",
                    "  - name: evil",
                    "    data_hash: evil_data",
                ),
            ),
            code(f"notice(lookup('planted'))\n{RESTLESS}"),
        ),
        check=SETTLED,
        fools=False,
        reason="Ruby|changed",
        flag=None,
    ),
    Attack(
        name="a program that tells the version of the environment",
        cells=(
            root(
                script("/opt/version", "#!/bin/sh", "id -u > /srv/ran; echo 1"),
                put(
                    "/home/attendee/production/environment.conf",
                    "config_version = /opt/version",
                    "modulepath = /opt/modules",
                ),
                put("/opt/modules/evil/lib/puppet/type/tidy.rb", PLANTED),
            ),
            code(f"{RESTLESS}\ntidy {{ '/srv/none': }}"),
        ),
        check=SETTLED,
        fools=False,
        flag=None,
    ),
    Attack(
        name="lines for the grader, written by the manifest",
        cells=(
            code(
                "$stat = split(file('/proc/self/stat'), ' ')\n"
                "$parent = $stat[3]\n"
                "Integer[0, 20].each |$fd| {\n"
                "  ['self', $parent].each |$pid| {\n"
                "    host { \"x${fd}${pid}\": ip => '1.1.1.1',\n"
                '      target => "/proc/${pid}/fd/${fd}",\n'
                f"      comment => '{of_a_child().splitlines()[1]}' }}\n"
                "  }\n}\n"
                f"{RESTLESS}"
            ),
        ),
        check=SETTLED,
        fools=False,
        flag=None,
    ),
    Attack(
        name="a manifest whose program forges answers",
        cells=(
            root(
                put("/opt/forged", of_a_child() + of_a_worker()),
                script(
                    "/opt/forge",
                    "#!/bin/bash",
                    "for pid in $(pgrep ruby) $PPID self; do",
                    "  for fd in $(seq 0 30); do",
                    "    timeout 1 cat /opt/forged > /proc/$pid/fd/$fd",
                    "  done",
                    "done 2> /dev/null",
                    "kill -9 $PPID",
                ),
            ),
            code(f"{RESTLESS}\nexec {{ '/opt/forge': returns => [0, 1, 137] }}"),
        ),
        check=SETTLED,
        fools=False,
        flag=None,
    ),
    Attack(
        name="a manifest that replaces a tool when it is applied again",
        cells=(
            root(put("/opt/sh", "#!/bin/dash", "exit 0")),
            code(
                f"{RIGHT}\n"
                "exec { '/bin/cp /opt/sh /usr/bin/test':\n"
                "  onlyif => '/bin/grep -q broken /srv/answer' }\n"
            ),
        ),
        check=REPAIRED.replace("}", ", mode => '0600' }"),
        fools=False,
        flag=None,
    ),
    Attack(
        name="a pipe in place of a template",
        limits=SHORT,
        cells=(
            root(f"mkdir -p {MODULE}/templates; mkfifo {MODULE}/templates/x.epp"),
            code(f"notice('before')\n{RIGHT}"),
            code("file { '/srv/x': content => epp('evil/x.epp') }"),
        ),
        check=DECLARED,
        fools=False,
        bites="before",
        flag="did not end|time",
    ),
    Attack(
        name="data without an end",
        limits=SHORT,
        cells=(
            root(
                put(
                    "/home/attendee/production/hiera.yaml",
                    "version: 5",
                    "hierarchy:",
                    "  - name: endless",
                    "    path: /dev/zero",
                    "  - name: own",
                    "    path: /proc/self/environ",
                ),
            ),
            code(f"{RIGHT}\nnotice(lookup('x', default_value => 'none'))"),
        ),
        check=DECLARED,
        fools=False,
        flag="did not end|time|memory|ended",
    ),
    Attack(
        name="a manifest without an end",
        limits=SHORT,
        cells=(
            code(RIGHT),
            code("Integer[1, 100000000].each |$i| { if $i == 0 { notice('x') } }"),
        ),
        check=DECLARED,
        fools=False,
        flag="did not end|time",
    ),
]

HONEST = [
    Attack(name=f"none: {check[:12]}", cells=(code(RIGHT),), check=check, flag=None)
    for check in (SETTLED, REPAIRED, DECLARED)
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_it_earns_nothing(strike: Strike, attack: Attack) -> None:
    attack.prove(strike(attack))


@pytest.mark.parametrize("work", HONEST, ids=lambda work: work.name)
def test_honest_work_beside_them_gets_its_points(strike: Strike, work: Attack) -> None:
    graded = strike(work)
    assert passed(graded.cells[-1])
    assert graded.flags == ()
