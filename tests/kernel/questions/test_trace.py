"""%trace: where in Ruby the last error was raised."""

from dataclasses import replace
from pathlib import Path

from puppet_kernel.results import CellResult, Kind, Problem
from puppet_kernel.session import Session
from puppet_kernel.worker import ProcessChannel, Worker, local_worker_argv
from tests.kernel.questions.support import rows, text

FRAMES = (
    "/etc/puppet/code/environments/production/modules/own/lib/own.rb:3:in `raise_it'",
    "/usr/lib/ruby/vendor_ruby/puppet/pops/functions/dispatcher.rb:48:in 'dispatch'",
    "/usr/lib/ruby/3.3.0/set.rb:501:in `each'",
    "/opt/x/puppet_kernel/ruby/job.rb:27:in `fork'",
    "not a frame <b>",
)


def test_without_an_error_there_is_nothing_to_trace(fresh_session: Session) -> None:
    assert "nothing to trace" in text(fresh_session, "%trace")


def test_an_error_without_frames_says_why(fresh_session: Session) -> None:
    problem = Problem("error", "It broke.")
    fresh_session.memory.failed = CellResult(Kind.APPLY, errors=(problem,))
    told = text(fresh_session, "%trace")
    assert "It broke." in told
    assert "no Ruby backtrace" in told


def test_frames_of_modules_come_first(fresh_session: Session) -> None:
    problem = Problem("error", "It broke.", backtrace=FRAMES)
    fresh_session.memory.failed = CellResult(Kind.APPLY, errors=(problem,))
    told = text(fresh_session, "%trace")
    assert told.index("raise_it") < told.index("all 5 frames")
    for owner in ("a module", "Puppet", "Ruby", "the kernel"):
        assert f"1 frame of {owner}" in told or f"2 frames of {owner}" in told, owner
    failed = replace(problem, backtrace=FRAMES[1:])
    fresh_session.memory.failed = CellResult(Kind.APPLY, errors=(failed,))
    assert "No frame is a module's" in text(fresh_session, "%trace")


def test_a_function_that_raises_is_traced_to_its_line(
    puppet: None, tmp_path: Path
) -> None:
    folder = tmp_path / "environments/production/modules/own/lib/puppet/functions/own"
    folder.mkdir(parents=True)
    (folder / "fails.rb").write_text(
        "Puppet::Functions.create_function(:'own::fails') do\n"
        "  def fails\n    raise 'from within'\n  end\nend\n"
    )
    argv = [*local_worker_argv(), "--codedir", str(tmp_path)]
    session = Session(Worker(ProcessChannel(argv)), cwd="/")
    try:
        failed = session.run_cell("own::fails()")
        result = session.run_cell("%trace")
    finally:
        session.close()
    assert not failed.ok
    assert "from within" in failed.errors[0].message
    assert rows(result)["fails"][1] == "3"
