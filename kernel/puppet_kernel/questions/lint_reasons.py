"""Say why puppet-lint's checks matter, in a sentence each."""

REASONS = {
    "syntax": "Puppet cannot read it; nothing else was checked.",
    "140chars": "Long lines are hard to read beside each other.",
    "80chars": "Long lines are hard to read beside each other.",
    "2sp_soft_tabs": "Everybody indents Puppet by two spaces; changes stay small.",
    "arrow_alignment": "Aligned arrows let the eye run down names and values.",
    "arrow_on_right_operand_line": (
        "An arrow at the line's beginning shows that the line goes on with the last."
    ),
    "autoloader_layout": "Puppet finds a class by its file's name; this one it cannot.",
    "case_without_default": (
        "A machine that no case fits gets nothing at all, and nobody is told."
    ),
    "class_inherits_from_params_class": "Data belongs in Hiera, not in a parent class.",
    "code_on_top_scope": "Code outside of classes is run on every machine.",
    "documentation": "A comment above tells the next reader what it is for.",
    "double_quoted_strings": (
        "Double quotes promise a variable or an escape inside; here is none."
    ),
    "duplicate_params": "Only one of the two can count; Puppet refuses to choose.",
    "ensure_first_param": "Readers look for ensure first: it says whether it shall be.",
    "ensure_not_symlink_target": "ensure => link with target says plainly what it is.",
    "file_mode": "Three digits leave the first to chance; four or symbols do not.",
    "hard_tabs": "A tab is as wide as each editor likes; spaces stay aligned.",
    "inherits_across_namespaces": "Modules that inherit cannot be changed alone.",
    "legacy_facts": "Puppet 8 does not send legacy facts: the variable is unknown.",
    "line_length": "Long lines are hard to read beside each other.",
    "names_containing_dash": "A dash in a class's name is an error in Puppet.",
    "names_containing_uppercase": "Capitals in names are for references to resources.",
    "nested_classes_or_defines": "Puppet loads one class from one file by its name.",
    "only_variable_string": "The quotes turn numbers, lists and undef into strings.",
    "parameter_order": "Whoever uses a class must give the required ones: first.",
    "puppet_url_without_modules": "A puppet: URL finds files in modules only this way.",
    "quoted_booleans": "'false' is a string, and every string is true.",
    "relative_classname_inclusion": "A leading :: has meant nothing since Puppet 4.",
    "right_to_left_relationship": "Time runs from left to right for most readers.",
    "selector_inside_resource": "A variable above the resource is easier to read.",
    "single_quote_string_with_variables": (
        "Single quotes keep a variable's name as it is; double quotes put its value in."
    ),
    "slash_comments": "Puppet's comments begin with #; tools expect that.",
    "space_before_arrow": "One space on each side is what the eye expects.",
    "star_comments": "Puppet's comments begin with #; tools expect that.",
    "top_scope_facts": "$facts['…'] says that it is a fact; $::… may be anything.",
    "trailing_whitespace": "Nobody sees it, but every comparison shows it.",
    "unquoted_file_mode": "Without quotes it is a number, and 0644 is octal by luck.",
    "unquoted_node_name": "Names with dots and dashes are only safe in quotes.",
    "unquoted_resource_title": "Without quotes some titles are other things.",
    "variable_contains_dash": "$a-b is read as $a minus b.",
    "variable_is_lowercase": "Puppet allows variables in lower case only.",
    "variable_scope": "A variable of another scope is undef here, or an error.",
    "variables_not_enclosed": "Braces show where the name ends: ${name}s, not $names.",
}


def reason(check: str) -> str:
    """Return why a check matters; empty for one that is not puppet-lint's own."""
    return REASONS.get(check, "")
