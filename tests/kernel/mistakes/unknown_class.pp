include ngnix
