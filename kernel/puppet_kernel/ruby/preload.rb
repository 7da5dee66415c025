# frozen_string_literal: true

require 'digest/sha2'
require 'puppet'
require 'puppet/util/command_line'
require 'puppet/face'
require 'puppet/application/apply'
require 'puppet/configurer'
require 'puppet/transaction/report'
require 'puppet/reports'
require 'facter'

module WarmPuppet
  # Loads in the parent what nearly every cell needs, so that children share it.
  module Preload
    LAZY = %w[
      indirector/facts/memory indirector/facts/facter indirector/report/yaml indirector/node/plain
      indirector/catalog/compiler node/server_facts parser/e4_parser_adapter datatypes/impl/error
      type/stage type/whit type/component
    ].freeze
    TYPES = %i[
      file package service user group cron exec notify host mount schedule filebucket
      ssh_authorized_key augeas
    ].freeze

    module_function

    # settings: command line arguments that name Puppet settings ("--confdir", "/x", …).
    def puppet(settings)
      Puppet.initialize_settings(settings)
      LAZY.each { |file| require "puppet/#{file}" }
      TYPES.each { |type| Puppet::Type.type(type) }
      # Makes the folders that Puppet wants; a child then only verifies them.
      Puppet.settings.use(:main, :agent, :ssl)
      # The first parse builds tables; let it be here.
      Puppet::Pops::Parser::Parser.new.parse_string('1')
      Process.warmup if Process.respond_to?(:warmup)
    end
  end
end
