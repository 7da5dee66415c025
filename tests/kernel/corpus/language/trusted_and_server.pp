notice($trusted['authenticated'], $trusted['certname'], $trusted['extensions'], $trusted['domain'])
notice($environment, $clientcert, $clientversion, $settings::strict, $settings::noop)
