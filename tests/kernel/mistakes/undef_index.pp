$site = undef
notify { $site['name']: }
