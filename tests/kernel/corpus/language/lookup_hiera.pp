notice(lookup('message'), lookup('list', Array, 'unique'), lookup('deep', Hash, 'deep'))
notice(lookup('none', { 'default_value' => 'fallback' }), lookup('interpolated'))
include settings_of
