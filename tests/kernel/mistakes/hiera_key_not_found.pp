notify { lookup('greeting'): }
