"""Whether a manifest can see facts: wrong only on the safe side."""

import json
import subprocess

import pytest

from puppet_kernel.runtime import ruby_command
from puppet_kernel.worker import WORKER_RB

PROGRAM = """
require 'json'
require ARGV[0]
manifests = JSON.parse($stdin.read)
puts JSON.generate(manifests.map { |code| WarmPuppet::FactUse.possible?(code) })
"""

BLIND = [
    "file { '/srv/a': content => \"x\\n\", mode => '0644' }",
    "group { 'crew': gid => '4000' }\n-> user { 'ada': gid => 'crew' }",
    "package { 'cron': ensure => installed } -> service { 'cron': ensure => running }",
    "['a', 'b'].each |$n| { file { \"/srv/${n}\": content => \"${n}\\n\" } }",
    "$port = 80\nfile { '/srv/p': content => \"${port}\", require => File['/srv'] }",
    "exec { '/bin/true': unless => 'test -e /srv/a.conf' }",
    "notice('$facts')",
]
SEEING = [
    "notice($facts['os'])",
    "notice(\"${facts['os']}\")",
    "notice($osfamily)",
    "$x = $::hostname\nnotice($x)",
    "file { '/srv/a': content => \"${trusted['certname']}\" }",
    "include profile::web",
    "class { 'web': }",
    "web { 'a': }",
    "web::site { 'a': }",
    "notice(lookup('port'))",
    "notice(fact('os'))",
    "notice(getvar('facts.os'))",
    "file { '/srv/a': content => epp('web/a.epp') }",
    "file { '/srv/a': content => inline_epp('<%= $facts %>') }",
    "file { '/srv/a': content => 'x'.mine }",
    "node default { }",
    "$h = @(END)\n  ${facts}\n  | END\n",
    "if $facts { notice(1) }",
    "with(1) |$x| { notice($x) }",
]


@pytest.fixture(scope="module")
def possible() -> dict[str, bool]:
    manifests = BLIND + SEEING
    done = subprocess.run(
        [
            *ruby_command(),
            "-e",
            PROGRAM,
            str(WORKER_RB.with_name("facts") / "fact_use.rb"),
        ],
        input=json.dumps(manifests),
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(zip(manifests, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("manifest", BLIND)
def test_it_cannot_see_facts(manifest: str, possible: dict[str, bool]) -> None:
    assert not possible[manifest]


@pytest.mark.parametrize("manifest", SEEING)
def test_it_may_see_facts(manifest: str, possible: dict[str, bool]) -> None:
    assert possible[manifest]
