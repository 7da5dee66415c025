notice(Integer('many'))
