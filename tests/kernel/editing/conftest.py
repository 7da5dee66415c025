"""A node with a module that has one of everything."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from puppet_kernel.editing import Editor
from puppet_kernel.session import Session
from puppet_kernel.worker import ProcessChannel, Worker, local_worker_argv

FILES = {
    "manifests/init.pp": """\
# Serve pages.
#
# More about it.
#
# @param port where it listens
# @example Another port
#   class { 'web': port => 81 }
class web (
  Integer $port,
  Web::Mode $mode = 'fast',
  Boolean $verbose = false,
  Optional[Enum['a', 'b']] $letter = undef,
) {
}
""",
    "manifests/site.pp": """\
# A site of the server.
# @param root its folder
define web::site (
  String $root,
  Enum['present', 'absent'] $ensure = 'present',
) {
}
""",
    "types/mode.pp": "# How it runs.\ntype Web::Mode = Enum['fast', 'safe']\n",
    "functions/url.pp": """\
# Return an address.
# @param host the name
# @return a URL
function web::url(String $host, Integer $port = 80) >> String {
  "http://${host}:${port}/"
}
""",
    "lib/puppet/functions/web/twice.rb": """\
# Doubles a number.
Puppet::Functions.create_function(:'web::twice') do
  dispatch :twice do
    param 'Integer', :number
    optional_param 'String', :unit
    return_type 'Integer'
  end
  def twice(number, unit = '')
    number * 2
  end
end
""",
    "lib/puppet/functions/web/broken.rb": "raise 'no function is made here'\n",
    "lib/puppet/type/gadget.rb": """\
Puppet::Type.newtype(:gadget) do
  @doc = 'A thing with a colour.'
  ensurable
  newparam(:name, namevar: true) { desc 'What it is called.' }
  newproperty(:colour) do
    desc 'The colour of it.'
    newvalues(:red, :green, '3d')
    defaultto :red
  end
  newparam(:shiny, boolean: true, parent: Puppet::Parameter::Boolean) do
    desc 'Whether it shines.'
  end
end
""",
    "lib/puppet/provider/gadget/plain.rb": """\
Puppet::Type.type(:gadget).provide(:plain) do
  def exists?
    true
  end
end
""",
    "lib/puppet/provider/gadget/alien.rb": """\
Puppet::Type.type(:gadget).provide(:alien) do
  confine true: false
end
""",
}


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a module on a codedir of its own."""
    module = tmp_path_factory.mktemp("code") / "environments/production/modules/web"
    for name, text in FILES.items():
        path = module / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return module


@pytest.fixture(scope="module")
def editor(puppet: None, web: Path) -> Iterator[Editor]:
    """Return an editor on a node that has the module."""
    code = web.parents[3]
    options = ["--codedir", str(code), "--confdir", f"{code}/conf"]
    argv = [*local_worker_argv(), *options, "--vardir", f"{code}/var"]
    session = Session(Worker(ProcessChannel(argv)), cwd="/")
    yield Editor(session, cwd=str(code))
    session.close()
