printf '\377\376old' > /tmp/binary
printf 'Gr\374\337e\n' > /tmp/umlauts
