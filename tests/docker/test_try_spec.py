"""What `try-spec` says of a learner's spec: of good ones, weak ones and tricky ones."""

import io
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from docker import DockerClient
from docker.models.containers import Container

pytestmark = pytest.mark.docker

MODULE = "/etc/puppet/code/environments/production/modules/lamps"
CLASS = r"""# The lamps of the house.
class lamps (
  Integer $brightness = 60,
) {
  file { '/srv/lamps.conf':
    ensure  => file,
    mode    => '0640',
    content => "brightness = ${brightness}\n",
  }
}
"""
SAME = "'0640' --> \"0${String(640)}\""
MUTANTS = "'0640' --> '0666'\n${brightness} --> 60"
GOOD = r"""
  it { is_expected.to contain_file('/srv/lamps.conf').with_mode('0640') }
  context 'with another brightness' do
    let(:params) { { 'brightness' => 25 } }
    it do
      is_expected.to contain_file('/srv/lamps.conf')
        .with_content("brightness = 25\n")
    end
  end
"""


@dataclass
class Seat:
    """A container with a module, in which specs are tried as the checks do it."""

    container: Container

    def write(self, path: str, text: str, mode: int = 0o644) -> None:
        """Write a file, as root."""
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as archive:
            entry = tarfile.TarInfo(path.lstrip("/"))
            entry.size, entry.mode = len(text.encode()), mode
            archive.addfile(entry, io.BytesIO(text.encode()))
        self.container.put_archive("/", packed.getvalue())

    def run(self, *command: str, **environment: str) -> tuple[int, str]:
        """Run a command as root; return its exit code and what it says."""
        done = self.container.exec_run(
            list(command), user="root", environment=environment
        )
        return done.exit_code, done.output.decode()

    def try_spec(
        self,
        examples: str,
        *,
        program: str = "/usr/local/bin/try-spec",
        **changes: str,
    ) -> tuple[int, str]:
        """Try a spec with these examples."""
        facts = "let(:facts) { { 'os' => { 'family' => 'Debian' } } }"
        spec = (
            f"require 'spec_helper'\ndescribe 'lamps' do\n  {facts}\n{examples}\nend\n"
        )
        self.write(f"{MODULE}/spec/classes/lamps_spec.rb", spec)
        return self.run(program, "lamps", **changes)


@pytest.fixture(scope="module")
def seat(engine: DockerClient, attendee_image: str) -> Iterator[Seat]:
    """Start a container without a network, and give it the module."""
    container = engine.containers.run(
        attendee_image,
        ["sleep", "600"],
        entrypoint=[],
        detach=True,
        init=True,
        user="root",
        network_mode="none",
    )
    try:
        seat = Seat(container)
        code, said = seat.run("mkdir", "-p", f"{MODULE}/manifests")
        assert code == 0, said
        seat.write(f"{MODULE}/manifests/init.pp", CLASS)
        yield seat
    finally:
        container.remove(force=True, v=True)


def test_a_good_spec(seat: Seat) -> None:
    code, said = seat.try_spec(GOOD, SAME=SAME, MUTANTS=MUTANTS)
    assert code == 0, said
    assert said.count("✓ the spec passes with:") == 2
    assert said.count("✓ the spec fails with:") == 2


def test_a_weak_spec_is_told_what_it_does_not_notice(seat: Seat) -> None:
    code, said = seat.try_spec("  it { is_expected.to compile }", MUTANTS=MUTANTS)
    assert code == 1
    assert "✓ the spec passes with: the module as it is" in said
    assert "✗ the spec passes with: '0640' --> '0666'" in said
    assert "✗ the spec passes with: ${brightness} --> 60" in said


def test_a_spec_that_reads_the_class_does_not_test_it(seat: Seat) -> None:
    reads = "it { expect(File.read('manifests/init.pp')).to include(\"'0640'\") }"
    code, said = seat.try_spec(f"  {reads}", SAME=SAME)
    assert code == 1
    assert "✗ the spec fails with: '0640' --> \"0${String(640)}\"" in said


@pytest.mark.parametrize("ends", ["exit!(0)", "exit(0)", "abort", "raise 'no'"])
def test_a_spec_that_ends_early_has_not_run(seat: Seat, ends: str) -> None:
    code, said = seat.try_spec(f"  {ends}\n{GOOD}", MUTANTS="'0640' --> '0666'")
    assert code == 1
    assert said.count("✗ the spec has no example that runs with:") == 2


def test_a_spec_cannot_learn_what_is_tried(seat: Seat) -> None:
    looks = r"""
  it 'sees no change' do
    read = ->(path) { File.read(path) rescue '' }
    expect(Process.uid).to eq(65_534)
    seen = Dir['/proc/[0-9]*/{environ,cmdline}'].map(&read) << ENV.to_h.inspect
    expect(seen.grep(/0666|MUTANTS=/)).to be_empty
  end
"""
    code, said = seat.try_spec(looks + GOOD, MUTANTS=MUTANTS)
    assert code == 0, said


def test_a_spec_cannot_count_its_runs(seat: Seat) -> None:
    """It would pass the first ones, and afterwards only what it saw first."""
    counts = r"""
  places = %w[/tmp /var/tmp /dev/shm /run/lock].select { |path| File.writable?(path) }
  seen = places.any? { |path| File.exist?("#{path}/.seen") }
  places.each { |path| File.write("#{path}/.seen", 'x') }
  it { expect(places).not_to be_empty }
  it { expect(seen).to be(false) }
"""
    code, said = seat.try_spec(counts, SAME=f"{SAME}\n640 --> 640")
    assert code == 0, said


def test_nothing_of_a_spec_goes_on_afterwards(seat: Seat) -> None:
    stays = "  fork { Process.setsid; Signal.trap(:TERM, ''); sleep 300 }"
    code, said = seat.try_spec(stays + GOOD)
    assert code == 0, said
    code, said = seat.run("pgrep", "-u", "65534", "-l")
    assert code == 1, said


def test_an_endless_spec_is_ended(seat: Seat) -> None:
    _, program = seat.run("cat", "/usr/local/bin/try-spec")
    assert "SECONDS = 30" in program
    seat.write("/root/try-spec", program.replace("SECONDS = 30", "SECONDS = 2"), 0o755)
    code, said = seat.try_spec("  it { loop {} }", program="/root/try-spec")
    assert code == 1
    assert "✗ the spec has no example that runs with: the module as it is" in said


@pytest.mark.parametrize(
    ("examples", "changes", "told"),
    [
        ("", {}, "the spec has no example"),
        (GOOD, {"SHA256": "0" * 64}, "is not as it was given; run its cell again"),
        (GOOD, {"MUTANTS": "nowhere --> there"}, '"nowhere" must occur once'),
    ],
)
def test_what_cannot_be_tried(
    seat: Seat, examples: str, changes: dict[str, str], told: str
) -> None:
    code, said = seat.try_spec(examples, **changes)
    assert code == 1
    assert told in said
