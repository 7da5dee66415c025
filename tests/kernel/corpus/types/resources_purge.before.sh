echo '192.0.2.99 stray.example.com' >> /etc/hosts
