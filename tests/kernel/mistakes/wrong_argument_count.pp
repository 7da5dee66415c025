$loud = upcase('maria', 'ada')
