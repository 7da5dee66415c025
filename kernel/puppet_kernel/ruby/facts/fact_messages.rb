# frozen_string_literal: true

require_relative '../emitter'

module WarmPuppet
  # What is logged while facts are gathered. A run that gathers its own facts tells it;
  # so it is kept, and told by every run that is given the facts.
  module FactMessages
    LIMIT = 20
    # Whatever a custom fact did wrong, the manifest can be applied: to a cell even an
    # error is a warning.
    LEVELS = %i[warning err alert emerg crit].freeze

    module_function

    # Returns a list that fills. Runs in a child.
    def listen
      told = []
      Puppet::Util::Log.newdesttype(:fact_messages) do
        match 'fact_messages'
        define_method(:handle) { |message| FactMessages.keep(told, message) }
      end
      Puppet::Util::Log.newdestination('fact_messages')
      told
    end

    def keep(told, message)
      return unless LEVELS.include?(message.level) && told.size < LIMIT

      told << { ev: 'log', level: 'warning', source: 'Facter', message: Emitter.text(message.message) }
    end

    # Tells it again, through the child's emitter. It comes from a child: it may be anything.
    def tell(told, emitter)
      return unless told.is_a?(Array)

      told.grep(Hash).first(LIMIT).each { |event| emitter.log(event, error: false) }
    end
  end
end
