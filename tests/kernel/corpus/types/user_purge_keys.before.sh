mkdir -p /home/attendee/.ssh
echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA stray' > /home/attendee/.ssh/authorized_keys
chown -R attendee /home/attendee/.ssh
