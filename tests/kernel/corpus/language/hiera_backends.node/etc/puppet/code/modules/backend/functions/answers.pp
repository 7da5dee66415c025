function backend::answers(Hash $options, Puppet::LookupContext $context) {
  { 'from_function' => 'computed' }
}
