"""Hold what `%help NAME` says: more words, cells to try, and what goes wrong."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Help:
    """Hold one magic's help.

    `short` is an example for the list of all; `cells` are whole cells with what they
    do; `pitfalls` are sentences.
    """

    text: str
    short: str
    cells: tuple[tuple[str, str], ...]
    pitfalls: tuple[str, ...] = ()


HELP = {
    "noop": Help(
        "Compiles the manifest and compares it with the machine, but changes nothing. "
        "The table says what a plain cell would do now.",
        "%%noop",
        (
            (
                "%%noop\nfile { '/etc/motd':\n  content => \"Welcome\\n\",\n}",
                "shows the change, with its diff",
            ),
        ),
        (
            "A resource that needs another's change (a service of a package that is "
            "not there yet) can only guess: it may fail here and work when applied.",
            "The commands of unless and onlyif do run.",
        ),
    ),
    "expect": Help(
        "Checks that the machine is as the manifest says. It changes nothing, and says "
        "of each resource that is out of step what differs. A name stands in the "
        "verdict: a notebook with several checks is easier to read.",
        "%%expect web_server",
        (
            (
                "%%expect motd_is_private\nfile { '/etc/motd':\n  mode => '0600',\n}",
                "passes if the mode is 0600",
            ),
            (
                "%%expect port_80_answers\nexec { '/bin/false':\n"
                "  unless => '/usr/bin/curl -fs http://localhost/',\n}",
                "passes if the command after unless succeeds",
            ),
        ),
        (
            "Only what you write is checked: a file with no content may hold anything.",
            "A notify counts for nothing, and noop => false is refused.",
        ),
    ),
    "idempotent": Help(
        "Applies the manifest twice. What is right the first time needs no change the "
        "second time; if something changes again, the manifest never comes to rest. "
        "With nothing below it, it is about all plain cells that were applied before, "
        "as one manifest.",
        "%%idempotent",
        (
            (
                "%%idempotent\nexec { '/usr/bin/touch /tmp/here':\n"
                "  creates => '/tmp/here',\n}",
                "passes, because of creates",
            ),
            ("%%idempotent all_of_it", "applies all plain cells once more"),
        ),
        (
            "It really applies: try %%noop first if you are not sure.",
            "An exec without creates, unless, onlyif or refreshonly runs every time.",
        ),
    ),
    "drift": Help(
        "Breaks the machine as the manifest below says, applies all plain cells once "
        "more as one manifest, and looks whether they have repaired what was broken. "
        "Puppet does this to real machines: whoever changes one by hand is corrected "
        "by the next run.",
        "%%drift permissions",
        (
            (
                "%%drift permissions\nfile { '/etc/motd':\n  mode => '0666',\n}",
                "passes if your cells set the mode back to what it was",
            ),
            (
                "%%drift server_stopped\nservice { 'cron':\n  ensure => stopped,\n}",
                "passes if your cells start the service again",
            ),
        ),
        (
            "It really breaks the machine: what is not repaired stays broken.",
            "Where there is nothing to break, there is nothing to repair: it does not "
            "pass before your cells have been applied.",
            "Only cells that were run count, each in the form it was last run in.",
        ),
    ),
    "compiled": Help(
        "Compiles all plain cells that were applied before as one manifest, and looks "
        "whether the catalog holds what is below: resources with their attributes, and "
        "what comes before or notifies what, over any number of steps. Nothing is "
        "applied. %as compiles for another machine, %data with other data.",
        "%%compiled web_server",
        (
            (
                "%%compiled restarts\nfile { '/etc/motd':\n"
                "  content => Pattern[/Welcome/],\n}\n"
                "File['/etc/ssh/sshd_config'] ~> Service['ssh']",
                "passes if the text has that word, and the file notifies the service",
            ),
            (
                "%%compiled on_red_hat\n%as rocky-9\n%data web::port: 8080\n"
                "package { 'httpd':\n  ensure => installed,\n}",
                "passes if the same manifest chooses that package there",
            ),
        ),
        (
            "How a thing is written does not matter: titles, classes and arrows may be "
            "others, as long as the catalog says the same.",
            "%as and %data stand above the resources; a fact can follow the machine: "
            "%as rocky-9 os.release.major=8.",
            "A value may be a data type: Enum['0640', '0644'], Pattern[/80/].",
        ),
    ),
    "as": Help(
        "Compiles the manifest as if this were another machine, and shows the catalog. "
        "Nothing is applied. The facts come from a set that is shipped, or from a "
        "file in JSON.",
        "%%as rocky-9",
        (
            (
                "%%as windows-2022\n"
                "$name = $facts['os']['family'] ? {\n"
                "  'windows' => 'C:/motd.txt',\n"
                "  default   => '/etc/motd',\n}\n"
                "file { $name: ensure => file }",
                "shows which file it would be there",
            ),
        ),
        (
            "Only the facts are another machine's: modules and data are this one's.",
            "%%as alone does not exist; a wrong name gets the list of names.",
        ),
    ),
    "file": Help(
        "Writes what is below into a file, after looking whether it can be read for "
        "what it is: a manifest, a template, YAML, JSON. A path that begins with "
        "modules/, manifests/ or data/ goes to the environment, others to the "
        "notebook's folder. Without anything below it shows the file.",
        "%%file modules/hello/manifests/init.pp",
        (
            (
                "%%file modules/hello/manifests/init.pp\n"
                "# Says hello.\nclass hello {\n  notify { 'hello': }\n}",
                "writes a class; the next cell may say include hello",
            ),
        ),
        (
            "The file's name must be the class's: hello::web is in hello/manifests/"
            "web.pp.",
            "A broken file is not written: the one before stays.",
        ),
    ),
    "hiera": Help(
        "Writes the data of one level of the environment's hierarchy. The level is "
        "named as in hiera.yaml (%env lists them), or by its file.",
        "%%hiera common.yaml",
        (
            (
                "%%hiera common.yaml\nhello::name: Ada",
                "gives the class hello its parameter name",
            ),
        ),
        (
            "The text replaces the level's data; it is not added to it.",
            "YAML wants a space after the colon, and no tabs.",
        ),
    ),
    "sh": Help(
        "Runs a shell script as you, not as root, in the notebook's folder. What it "
        "prints shows while it runs.",
        "%%sh",
        (
            (
                "%%sh\nsystemctl status cron || service cron status",
                "shows a service's state",
            ),
            ("%%sh\nsudo apt-get install --yes tree", "needs sudo for root's work"),
        ),
        (
            "Every cell is a new shell: cd and variables are forgotten after it.",
            "Nobody can answer a question: commands that ask need --yes or the like.",
        ),
    ),
    "catalog": Help(
        "Shows the last catalog: every resource with its attributes, as Puppet "
        "compiled it. A reference picks one.",
        "%catalog File['/etc/motd']",
        (("%catalog File['/etc/motd']", "shows one resource"),),
        ("There must have been a cell with a manifest before.",),
    ),
    "graph": Help(
        "Draws what comes before what in the last catalog, in the colours of what "
        "happened.",
        "%graph",
        (("%graph", "draws the catalog of the last cell with a manifest"),),
        ("Puppet's own order of resources without a relation is not drawn.",),
    ),
    "resource": Help(
        "Reads resources from the machine, whatever a manifest says of them, and "
        "writes them as Puppet code: a good beginning for a manifest. Without a "
        "title it lists all of a type.",
        "%resource user root",
        (
            ("%resource user", "lists all users"),
            ("%resource File['/etc/motd']", "shows one file as it is now"),
        ),
        (
            "Files and execs cannot be listed: name one.",
            "Passwords are not shown. Take [redacted] out before you apply the code.",
        ),
    ),
    "facts": Help(
        "Shows what is known of this machine, as the next manifest sees it, with the "
        "expression to write. A fact is found by os.family, by $facts['os']['family'] "
        "and by the beginning of its name.",
        "%facts os.family",
        (
            ("%facts", "shows the most useful ones, and folds all the others"),
            ("%facts networking", "shows all about the network"),
        ),
        (
            "Facts are gathered before a manifest is compiled: what it changes is "
            "seen by the next cell.",
            "$facts['os']['release']['major'] is a String: compare it with '13'.",
        ),
    ),
    "lookup": Help(
        "Looks a key up as classes do for their parameters, and explains in which "
        "level of the data the value was found, and where it was not.",
        "%lookup hello::name",
        (("%lookup hello::name", "explains the parameter name of the class hello"),),
        ("The key is class::parameter, not the name of a file.",),
    ),
    "describe": Help(
        "Shows what is written about a resource type, a class, a defined type or a "
        "function, with its attributes, their values and their defaults.",
        "%describe file",
        (
            ("%describe file", "shows the type file"),
            ("%describe file mode", "shows one attribute in full"),
            ("%describe split", "shows how a function is called"),
        ),
        ("A type hides a function of the same name: %describe file() asks for it.",),
    ),
    "lint": Help(
        "Shows what puppet-lint would improve in the last cell with a manifest, or in "
        "a file or a folder, why it matters, and what its repair would make of it.",
        "%lint",
        (
            ("%lint", "looks at the last cell with a manifest"),
            ("%lint modules/hello", "looks at a module of the environment"),
        ),
        (
            "Lint is about style: code can be clean and wrong. %%noop tells more.",
            "Nothing is changed: the repair is only shown.",
        ),
    ),
    "env": Help(
        "Shows which Puppet this is, who it runs as, where it looks for modules and "
        "data, and what is odd about that.",
        "%env",
        (("%env", "shows it all; what is odd comes first"),),
    ),
    "trace": Help(
        "Shows where in Ruby the last error was raised: first the frames of modules, "
        "then all. For those who write functions, types and providers.",
        "%trace",
        (("%trace", "after a cell that failed"),),
        ("An error in a manifest has its line in the manifest; Ruby tells no more.",),
    ),
    "help": Help(
        "Shows what a cell may begin with, or all about one of these.",
        "%help expect",
        (("%help", "lists all"), ("%help %%expect", "shows one")),
        (
            "A line magic (with one %) is answered on its own: no manifest may stand "
            "below it, but other line magics may.",
        ),
    ),
}
