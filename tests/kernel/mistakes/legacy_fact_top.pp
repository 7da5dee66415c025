notify { $::operatingsystem: }
