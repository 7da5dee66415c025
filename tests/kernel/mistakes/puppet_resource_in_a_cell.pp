puppet resource user root
