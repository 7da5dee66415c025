# frozen_string_literal: true

# Fills the code cache with everything that a worker loads. Changes nothing else: Puppet's
# own folders are made in a temporary one.
#
# Usage: ruby compile.rb

require 'tmpdir'
require_relative 'code_cache'
WarmPuppet::CodeCache.fill

%w[protocol departure surroundings preload server].each { |part| require_relative part }

Dir.mktmpdir do |root|
  names = %w[confdir codedir vardir publicdir rundir logdir ssldir]
  WarmPuppet::Preload.settings(names.flat_map { |name| ["--#{name}", File.join(root, name)] })
  WarmPuppet::Preload.core
  WarmPuppet::Preload.step while WarmPuppet::Preload.left?
  Facter.to_hash
end
puts "#{Dir.children(WarmPuppet::CodeCache::FOLDER).size} files in #{WarmPuppet::CodeCache::FOLDER}"
