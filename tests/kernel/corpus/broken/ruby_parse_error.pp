notice(complains())
