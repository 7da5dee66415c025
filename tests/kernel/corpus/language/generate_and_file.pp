notice(generate('/bin/echo', 'generated'), file('/etc/hostname'), find_file('/nowhere', '/etc/hosts'))
notice(file('/nowhere', '/etc/shells').split("\n")[0], binary_file('/etc/hostname'))
