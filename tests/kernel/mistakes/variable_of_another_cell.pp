notify { "hello ${attendee_of_day}": }
