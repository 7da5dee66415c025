notice(leaves())
