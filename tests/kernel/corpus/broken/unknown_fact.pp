notice($facts['no_such']['deeper'])
