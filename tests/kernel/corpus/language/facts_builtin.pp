notice($facts['os']['family'], $facts['os']['name'], $facts['networking']['hostname'])
notice($facts['kernel'], $facts['puppetversion'], $facts['identity']['user'], $facts['path'])
notice($facts['timezone'], $facts['is_virtual'], $facts['ruby']['version'], $facts['clientcert'])
