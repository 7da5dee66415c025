notice($settings::environment, $settings::strict, $settings::certname)
notify { "${undef}": message => 'x' }
