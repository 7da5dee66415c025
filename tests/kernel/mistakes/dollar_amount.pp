notify { "costs $5": }
