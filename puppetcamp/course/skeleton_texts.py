"""What a new lesson and its exercise say at first. NAME stands for their name."""

import json
from collections.abc import Mapping

TEACHES = "Say here in one sentence what a learner can do afterwards."

_FAILS = {"tags": ["raises-exception"]}

CellText = tuple[str, str, str, Mapping[str, object]]
"""Kind, id, text, metadata."""


def filled(text: str, name: str) -> str:
    """Put a lesson's name into a text."""
    return text.replace("NAME", name)


def renamed(metadata: Mapping[str, object], name: str) -> Mapping[str, object]:
    """Put a lesson's name into metadata."""
    found: Mapping[str, object] = json.loads(filled(json.dumps(metadata), name))
    return found


def _shows(*words: str, fails: bool = False) -> Mapping[str, object]:
    return {"puppetcamp": {"shows": [*words]}, **(_FAILS if fails else {})}


_ANSWER = """\
file { '/srv/NAME-lesson.txt':
  ensure  => file,
  mode    => '0640',
  content => "Made by me\\n",
}
"""

LESSON: tuple[CellText, ...] = (
    (
        "markdown",
        "introduction",
        """\
# NAME

One idea, in two or three sentences: what a learner will be able to do, and why that is worth having. Begin with something to run:""",  # noqa: E501  # a notebook's lines are paragraphs
        {},
    ),
    (
        "code",
        "first-look",
        "%%sh\npuppet resource file /etc/hostname",
        _shows("file { '/etc/hostname':", "ensure   => 'file',"),
    ),
    (
        "markdown",
        "first-look-report",
        "Say what the learner has just seen, and what to look at in it.",
        {},
    ),
    (
        "code",
        "first-change",
        """\
file { '/srv/NAME.txt':
  ensure  => file,
  content => "Made by Puppet\\n",
}""",
        _shows("changed", "File[/srv/NAME.txt]"),
    ),
    (
        "markdown",
        "mistake",
        """\
## A mistake, on purpose

Where do learners typically err? Let them err here, and read the message with them:""",
        {},
    ),
    (
        "code",
        "missing-comma",
        """\
file { '/srv/NAME.txt':
  ensure => file
  mode   => '0640',
}""",
        _shows("Syntax error at 'mode'", "line 3", fails=True),
    ),
    (
        "markdown",
        "mistake-report",
        "The message points at the place where Puppet could not read on. The mistake is right before it: a comma is missing at the end of line 2.",  # noqa: E501
        {},
    ),
    (
        "markdown",
        "your-turn",
        """\
## Your turn

Describe the file `/srv/NAME-lesson.txt`: it has the mode `'0640'` and contains the text `Made by me` with a line break at the end.""",  # noqa: E501
        {},
    ),
    ("code", "turn", "# Write your manifest here.", {}),
    (
        "code",
        "check-turn",
        f"%%expect NAME_lesson\n{_ANSWER.rstrip()}",
        _shows("File[/srv/NAME-lesson.txt]", fails=True),
    ),
    (
        "markdown",
        "turn-answer",
        f"""\
<details>
<summary>Stuck? Here is an answer.</summary>

```puppet
{_ANSWER}```

</details>""",
        {"puppetcamp": {"answers": "turn"}},
    ),
    (
        "markdown",
        "what-you-know",
        """\
## What you can do now

Say it in one sentence.

Now try the exercise **NAME**: menu **Nbgrader > Assignment List**, **Fetch**.""",
        {},
    ),
)

_REFERENCE = """\
file { '/srv/NAME':
  ensure => directory,
  mode   => '0750',
}

file { '/srv/NAME/plan.txt':
  ensure  => file,
  mode    => '0640',
  content => "Rewrite this exercise\\n",
}
"""

EXERCISE: tuple[tuple[str, int, str], ...] = (
    (
        "task",
        0,
        """\
# NAME

Say in a sentence what is to be brought about, and then what exactly is asked for. The checks may ask for nothing that does not stand here:

1. `/srv/NAME` is a directory with the mode `'0750'`.
2. `/srv/NAME/plan.txt` is a file with exactly one line, a line break at its end: `Rewrite this exercise`.
3. The file has the mode `'0640'`.
4. A second run changes nothing. When somebody changes the text by hand, the next run puts it right.""",  # noqa: E501
    ),
    (
        "hints",
        0,
        """\
<details>
<summary>Hint 1</summary>

Say where to look: which part of which lesson is about this?

<details>
<summary>Hint 2</summary>

Say what the answer is made of: two resources of one type.

<details>
<summary>Hint 3</summary>

Nearly give the construct, never the answer: `ensure` is another one for a directory.

</details>

</details>

</details>""",
    ),
    ("answer", 0, f"### BEGIN SOLUTION\n{_REFERENCE}### END SOLUTION"),
    (
        "checks",
        0,
        """\
## Checks

Say what they look at. When you submit, your manifest is run on a fresh node, and the checks look a little closer there.""",  # noqa: E501
    ),
    (
        "folder",
        1,
        """\
%%expect NAME_folder
file { '/srv/NAME':
  ensure => directory,
  ### BEGIN HIDDEN TESTS
  mode   => '0750',
  ### END HIDDEN TESTS
}""",
    ),
    (
        "text",
        2,
        """\
%%expect NAME_text
file { '/srv/NAME/plan.txt':
  ensure  => file,
  content => "Rewrite this exercise\\n",
}""",
    ),
    (
        "access",
        1,
        """\
%%expect NAME_access
file { '/srv/NAME/plan.txt':
  ensure => file,
  mode   => '0640',
}""",
    ),
    ("settled", 1, "%%idempotent NAME_settled"),
    (
        "repaired",
        1,
        """\
%%drift NAME_repaired
file { '/srv/NAME/plan.txt':
  content => "Somebody was here\\n",
}""",
    ),
)
"""Last part of the cell's name, points, text."""

WRONG: Mapping[str, str] = {
    "{name}_folder__mode_forgotten.pp": "# Puppet manages only what is written.\n"
    + _REFERENCE.replace("  mode   => '0750',\n", ""),
    "{name}_text__single_quotes.pp": "# Only double quotes make \\n a line break.\n"
    + _REFERENCE.replace('"', "'"),
    "{name}_access__others_may_read.pp": "# The last digit is for others.\n"
    + _REFERENCE.replace("0640", "0644"),
    "{name}_settled__command_without_guard.pp": (
        "# A command without a guard runs every time.\n"
        f"{_REFERENCE}\nexec {{ '/usr/bin/touch /srv/NAME':\n}}\n"
    ),
    "{name}_repaired__never_replaced.pp": (
        "# replace => false is for files that others own after the first run.\n"
        + _REFERENCE.replace("  mode    =>", "  replace => false,\n  mode    =>")
    ),
}
"""Names of files, and what they say: each errs in one way."""
