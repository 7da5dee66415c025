echo '192.0.2.99 gone.example.com' >> /etc/hosts
