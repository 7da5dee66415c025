"""The byte pipe into a container keeps its promises, whatever comes out of it."""

from collections.abc import Callable, Iterator

import pytest
from docker import DockerClient

from puppet_kernel.errors import WorkerDied
from puppetcamp.grading.channel import ChannelLimits, DockerExecChannel

pytestmark = pytest.mark.docker

Open = Callable[..., DockerExecChannel]


@pytest.fixture
def channel_to(
    engine: DockerClient, attendee_image: str, instance_labels: dict[str, str]
) -> Iterator[Open]:
    """Give a function that opens a channel to a shell command in a container."""
    box = engine.containers.run(
        attendee_image,
        entrypoint=["sleep", "120"],
        labels=instance_labels,
        network_mode="none",
        detach=True,
    )
    channels: list[DockerExecChannel] = []

    def run(command: str, **limits: int) -> DockerExecChannel:
        channel = DockerExecChannel(
            engine.api,
            str(box.id),
            ["sh", "-c", command],
            limits=ChannelLimits(**limits),
        )
        channels.append(channel)
        return channel

    yield run
    for channel in channels:
        channel.close()
    box.remove(force=True)


def test_lines_come_back_whole(channel_to: Open) -> None:
    channel = channel_to("cat")
    lines = [b'{"n": %d, "text": "%s"}\n' % (n, b"x" * n * 997) for n in range(100)]
    received = channel.lines()
    for line in lines:
        channel.send(line)
        assert next(received) == line
    channel.close()
    assert list(received) == []
    assert channel.fault is None


def test_what_comes_at_once_is_not_lost(channel_to: Open) -> None:
    for _ in range(10):
        assert list(channel_to("echo '{}'").lines()) == [b"{}\n"]


def test_standard_error_is_kept_apart_and_short(channel_to: Open) -> None:
    channel = channel_to("head -c 300000 /dev/zero | tr '\\0' e >&2; echo '{}'")
    assert list(channel.lines()) == [b"{}\n"]
    assert "eee" in channel.last_words()
    assert len(channel.last_words()) < 2000


@pytest.mark.parametrize(
    ("command", "limits", "fault"),
    [
        pytest.param("echo nonsense", {}, "not a JSON object", id="no JSON"),
        pytest.param("echo 12", {}, "not a JSON object", id="no object"),
        pytest.param(
            "head -c 200000 /dev/zero | tr '\\0' [; echo",
            {},
            "not a JSON object",
            id="deep nesting",
        ),
        pytest.param(
            "head -c 5000 /dev/zero; sleep 60", {"line": 4096}, "a line", id="long line"
        ),
        pytest.param(
            "while echo '{}'; do :; done", {"total": 9999}, "more than 9999", id="much"
        ),
    ],
)
def test_a_breach_ends_the_channel_and_is_named(
    channel_to: Open, command: str, limits: dict[str, int], fault: str
) -> None:
    channel = channel_to(command, **limits)
    for line in channel.lines():
        assert line == b"{}\n"
    assert channel.fault is not None
    assert fault in channel.fault
    assert fault in channel.last_words()


def test_sending_into_a_closed_channel_is_told(channel_to: Open) -> None:
    channel = channel_to("cat")
    channel.close()
    channel.close()
    with pytest.raises(WorkerDied, match="gone"):
        channel.send(b"{}\n")


def test_closing_ends_the_command(channel_to: Open) -> None:
    channel = channel_to("cat > /dev/null; touch /tmp/left")
    channel.close()
    watcher = channel_to("until test -e /tmp/left; do sleep 0.1; done; echo '{}'")
    assert list(watcher.lines()) == [b"{}\n"]
