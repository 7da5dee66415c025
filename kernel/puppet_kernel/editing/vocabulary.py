"""Hold the words of the language itself; Puppet has no list of them to ask for."""

# Words that a statement may begin with, and what each is for.
STATEMENTS = {
    "class": "a named block of code that is applied once: `class NAME { … }`",
    "define": "a resource type written in Puppet: `define NAME($parameter) { … }`",
    "node": "code for one machine: `node 'web.example.com' { … }`",
    "function": "a function written in Puppet: `function NAME($parameter) { … }`",
    "type": "a name for a data type: `type NAME = Enum['a', 'b']`",
    "if": "code that runs if a condition is true: `if $a { … } else { … }`",
    "unless": "code that runs if a condition is false: `unless $a { … }`",
    "case": "the first of several blocks that fits: `case $a { 'x': { … } default: "
    "{ … } }`",
    "else": "the other block of an `if`, `elsif` or `unless`",
    "elsif": "another condition, if those before it are false",
}
CONSTANTS = {
    "true": "the Boolean true",
    "false": "the Boolean false",
    "undef": "no value at all",
    "default": "what applies to everything else: in `case`, in `?`, as a title, or an "
    "argument that is left out",
}
OPERATORS = {
    "and": "true if both sides are true",
    "or": "true if one side is true",
    "in": "true if the right side contains the left: `'x' in ['x', 'y']`",
    "inherits": "the class that another one extends: `class a inherits b { … }`",
}
# In a collector only.
SEARCHED = {"title": "the title of the resource: `File <| title == '/x' |>`"}
KEYWORDS = STATEMENTS | CONSTANTS | OPERATORS

DATA_TYPES = {
    "String": "text, of a length: `String[1]`",
    "Integer": "a whole number, from and to: `Integer[1, 10]`",
    "Boolean": "`true` or `false`",
    "Array": "a list, of a type: `Array[String]`",
    "Hash": "keys with values: `Hash[String, Integer]`",
    "Optional": "a type or `undef`: `Optional[String]`",
    "Enum": "one of these texts: `Enum['present', 'absent']`",
    "Variant": "one of several types: `Variant[String, Integer]`",
    "Struct": "a hash with these keys: `Struct[{mode => String}]`",
    "Pattern": "text that fits a regular expression: `Pattern[/^a/]`",
    "Float": "a number with a fraction",
    "Numeric": "an Integer or a Float",
    "Regexp": "a regular expression",
    "Sensitive": "a value that is kept out of logs: `Sensitive[String]`",
    "Tuple": "an array with a type for each place: `Tuple[String, Integer]`",
    "Undef": "`undef` and nothing else",
    "NotUndef": "any value but `undef`",
    "Any": "anything",
    "Scalar": "text, a number, a Boolean, a regular expression or a time",
    "ScalarData": "text, a number or a Boolean",
    "Data": "what JSON can hold",
    "RichData": "what a catalog can hold",
    "Collection": "an array or a hash",
    "Iterable": "what can be gone through",
    "Iterator": "a lazy Iterable",
    "Callable": "a function or a lambda",
    "Type": "a data type itself",
    "CatalogEntry": "a reference to a resource or a class",
    "Resource": "a reference to a resource",
    "SemVer": "a version such as 1.2.3",
    "SemVerRange": "a range of versions",
    "Timestamp": "a point in time",
    "Timespan": "a length of time",
    "Binary": "bytes",
    "Default": "the word `default`",
    "Deferred": "a function that runs on the node when the catalog is applied",
    "Init": "what a type can be made from",
    "TypeSet": "several types under one name",
    "URI": "a web address",
}

# What Puppet sets in every manifest.
VARIABLES = {
    "$facts": "what is known of the node",
    "$trusted": "what the node's certificate says",
    "$server_facts": "what is known of the server that compiles",
    "$environment": "the name of the environment",
}
# In a class or a define only.
INNER_VARIABLES = {
    "$title": "the title of this resource",
    "$name": "the name of this resource",
    "$module_name": "the module that this code belongs to",
}
TRUSTED = {
    "authenticated": "whether the node has a certificate: remote, local or false",
    "certname": "the name in the node's certificate",
    "domain": "the domain of that name",
    "extensions": "the extensions of the certificate",
    "external": "what an external command adds",
    "hostname": "the first part of that name",
}
# More of them exist on a server; a cell is compiled on the node itself.
SERVER_FACTS = {"environment": "the name of the environment"}

# What comes first where much fits: the types and attributes that nearly every manifest
# uses, in the order in which people write them.
COMMON_TYPES = (
    *("file", "package", "service", "user", "group", "exec", "cron", "notify"),
)
COMMON_FUNCTIONS = ("include", "notice", "contain", "require", "lookup", "fail")
COMMON_CHAINED = (
    *("each", "map", "filter", "reduce", "join", "split", "get", "then", "lest"),
    *("keys", "values", "sort", "unique", "flatten", "length", "upcase", "downcase"),
)
COMMON_ATTRIBUTES = {
    "cron": ("ensure", "command", "user", "hour", "minute", "weekday", "special"),
    "exec": (
        *("command", "creates", "unless", "onlyif", "refreshonly", "path", "cwd"),
        *("user", "environment", "provider", "returns", "timeout", "logoutput"),
    ),
    "file": (
        *("ensure", "content", "source", "mode", "owner", "group", "target"),
        *("recurse", "purge", "force", "replace", "backup", "validate_cmd"),
    ),
    "group": ("ensure", "gid", "system", "members"),
    "host": ("ensure", "ip", "host_aliases"),
    "mount": ("ensure", "device", "fstype", "options"),
    "notify": ("message", "withpath"),
    "package": ("ensure", "name", "source", "provider", "install_options"),
    "service": ("ensure", "enable", "hasrestart", "hasstatus", "restart"),
    "user": (
        *("ensure", "uid", "gid", "groups", "home", "managehome", "shell"),
        *("password", "comment", "system"),
    ),
}
COMMON_METAPARAMETERS = ("require", "before", "notify", "subscribe", "tag", "noop")
# The values of metaparameters that any resource may have.
RELATIONS = frozenset({"require", "before", "notify", "subscribe"})
