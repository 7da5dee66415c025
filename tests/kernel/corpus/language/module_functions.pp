notice(tools::shout('hello'), tools::ruby_reverse('abc'), tools::typed(5))
include tools
