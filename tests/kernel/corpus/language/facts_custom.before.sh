chmod +x /etc/facter/facts.d/script.sh
