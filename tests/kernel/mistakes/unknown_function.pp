$who = upcasee('maria')
notify { $who: }
