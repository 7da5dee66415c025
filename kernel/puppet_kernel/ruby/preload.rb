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
require_relative 'run/settled_folders'

module WarmPuppet
  # Loads in the parent what nearly every cell needs, so that children share it: first
  # what no cell can do without, the rest step by step while nobody asks for anything.
  module Preload
    FACTS = %w[indirector/facts/memory indirector/facts/facter].freeze
    LAZY = %w[
      indirector/report/yaml indirector/node/plain indirector/catalog/compiler
      parser/e4_parser_adapter datatypes/impl/error type/stage type/whit type/component
    ].freeze
    # Types of every catalog, and of the simplest cells.
    FIRST = %i[schedule filebucket notify file exec].freeze
    TYPES = %i[
      package service user group cron host mount ssh_authorized_key augeas
    ].freeze

    class << self
      # settings: command line arguments that name Puppet settings ("--confdir", "/x", …).
      def settings(settings)
        Puppet.initialize_settings(settings)
        require_all(FACTS)
      end

      # types: which are worth loading besides the first.
      def core(types: TYPES)
        require_all(LAZY)
        require 'puppet/node/server_facts' if Puppet.version.to_i >= 8
        FIRST.each { |type| Puppet::Type.type(type) }
        # The first parse builds tables; let it be here.
        Puppet::Pops::Parser::Parser.new.parse_string('1')
        @steps = steps(types)
      end

      def left?
        !@steps.empty?
      end

      # Takes one of the steps that are left: at most a third of a second.
      def step
        @steps.shift.call
      end

      private

      def require_all(files)
        files.each { |file| require "puppet/#{file}" }
      end

      def steps(types)
        loading = types.map { |type| -> { Puppet::Type.type(type) } }
        [SettledFolders.method(:make), *loading, method(:settle)]
      end

      # Children share what is not touched any more.
      def settle
        Process.respond_to?(:warmup) ? Process.warmup : GC.start
      end
    end
  end
end
