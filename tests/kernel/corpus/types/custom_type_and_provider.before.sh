echo x > /tmp/remembered_b
