# frozen_string_literal: true

require 'etc'
require_relative '../emitter'
require_relative 'progress'
require_relative 'suggestions'

module WarmPuppet
  # Carries what Puppet logs and reports out of a child, through Puppet's two public
  # extension points: a log destination and a report processor, both named "cell".
  module Reporting
    VALUE_LIMIT = 1_000
    ERROR_LEVELS = %i[err alert emerg crit].freeze
    # Puppet's own housekeeping, present in every catalog.
    HOUSEKEEPING = %w[Schedule Filebucket Whit].freeze
    UNKNOWN_FILE = /\(file: unknown, line: (\d+)/
    DIFF = /\A\n?--- /
    # Puppet compares these by number, and people think of them by name.
    ACCOUNTS = { %w[File owner] => :user, %w[File group] => :group, %w[User gid] => :group }.freeze

    class << self
      attr_accessor :emitter

      def install
        Puppet::Util::Log.newdesttype(:cell) do
          match 'cell'
          define_method(:handle) { |message| Reporting.log(message) }
        end
        Puppet::Transaction.prepend(Progress)
        Suggestions.install
        Puppet::Reports.register_report(:cell) do
          define_method(:process) { Reporting.report(self) }
        end
      end

      def log(message)
        return if %i[info debug].include?(message.level)

        emitter.log(log_event(message), error: ERROR_LEVELS.include?(message.level))
      end

      def progress(resource, index, total)
        emitter.emit(ev: 'progress', source: Emitter.text(resource.ref, VALUE_LIMIT), index: index, total: total)
      end

      def report(report)
        report.resource_statuses.each_value do |status|
          emitter.emit(resource_event(status)) unless HOUSEKEEPING.include?(status.resource_type)
        end
        emitter.emit(ev: 'report', status: report.status, completed: report.transaction_completed == true)
      end

      private

      def log_event(message)
        diff = DIFF.match?(message.message)
        {
          ev: diff ? 'diff' : 'log', level: message.level,
          message: Emitter.text(placed(message.message), diff ? Emitter::DIFF_LIMIT : Emitter::TEXT_LIMIT),
          source: Emitter.text(message.source, VALUE_LIMIT),
          file: place(message.file), line: message.line, pos: message.pos, issue: message.issue_code,
          **help_with(message)
        }.compact
      end

      def help_with(message)
        ERROR_LEVELS.include?(message.level) || message.issue_code ? Suggestions.about(message) : {}
      end

      def resource_event(status)
        {
          ev: 'resource', ref: Emitter.text(status.resource, VALUE_LIMIT), type: status.resource_type,
          title: Emitter.text(status.title, VALUE_LIMIT), file: place(status.file), line: status.line,
          seconds: status.evaluation_time || 0.0, path: Emitter.text(status.source_description, VALUE_LIMIT),
          changed: status.changed ? true : false, skipped: status.skipped ? true : false,
          failed: status.failed || status.failed_to_restart ? true : false,
          # What a resource brings in (the files of a folder) stands for nothing itself.
          asserts: @asserts.nil? || @asserts.fetch(status.resource, false),
          events: status.events.map { |event| event_hash(event, ACCOUNTS[[status.resource_type, event.property]]) }
        }.compact
      end

      # A cell has no file; Puppet says so in several ways.
      def placed(message)
        message.gsub(UNKNOWN_FILE, '(line: \1')
      end

      def place(file)
        ['', 'unknown'].include?(file.to_s) ? nil : Emitter.text(file, VALUE_LIMIT)
      end

      def event_hash(event, account)
        # A failure may quote all that a package manager has printed, its reason last.
        limit = event.status == 'failure' ? Emitter::TEXT_LIMIT : VALUE_LIMIT
        {
          property: event.property, status: event.status, message: Emitter.text(event.message, limit),
          previous: named(account, value(event.previous_value)),
          desired: named(account, value(event.desired_value))
        }
      end

      # Returns the name of a user's or group's number; the number if nobody has it.
      def named(account, value)
        return value unless account && value.match?(/\A\d+\z/)

        account == :user ? Etc.getpwuid(value.to_i).name : Etc.getgrgid(value.to_i).name
      rescue ArgumentError, RangeError
        value
      end

      def value(value)
        case value
        when nil then ''
        when Array then Emitter.text(value.map { |item| value(item) }.join(', '), VALUE_LIMIT)
        else Emitter.text(value, VALUE_LIMIT)
        end
      end
    end

    # Remembers which resources of a check state anything, see CheckGuard.
    def self.asserts=(references)
      @asserts = references
    end
  end
end
