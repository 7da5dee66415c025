notice(lookup('from_json'), lookup('from_function'), hiera('old_way'), hiera_array('list'))
