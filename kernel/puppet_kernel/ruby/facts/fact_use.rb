# frozen_string_literal: true

module WarmPuppet
  # Tells whether a manifest can see facts at all. In doubt it can: only Puppet's own
  # types, calls that are known here, and variables of the manifest's own rule it out.
  module FactUse
    TYPES = %w[
      augeas cron exec file filebucket group host mount notify package schedule service
      ssh_authorized_key tidy user
    ].freeze
    CALLS = %w[
      crit debug each empty err filter flatten info join keys length map notice range
      reduce size sort split unique values warning
    ].freeze
    ELSEWHERE = /\b(?:include|contain|realize|require\b(?!\s*=>)|class|define|function|node|plan|site|type)\b|::/
    SINGLE = /'(?:\\.|[^'\\])*'/m
    DOUBLE = /"(?:\\.|[^"\\])*"/m
    VARIABLE = /\$\{?\s*(\w+)/
    ASSIGNED = /\$(\w+)\s*=(?![=~>])/
    PARAMETERS = /\|([^|\n]*)\|/

    module_function

    def possible?(manifest)
      code = manifest.to_s.gsub(SINGLE, "''")
      # What is in heredocs and comments is not told apart from code here.
      return true if code.include?('@(')

      own = code.scan(ASSIGNED).flatten + code.scan(PARAMETERS).flatten.flat_map { |list| list.scan(/\$(\w+)/).flatten }
      return true unless (code.scan(VARIABLE).flatten - own).empty?

      code = code.gsub(DOUBLE, '""')
      code.match?(ELSEWHERE) ||
        !(code.scan(/\b([a-z]\w*)\s*\{/).flatten - TYPES).empty? ||
        !(code.scan(/\b([a-z]\w*)\s*\(/).flatten - CALLS).empty? ||
        !(code.scan(/\.\s*([a-z]\w*)/).flatten - CALLS).empty?
    end
  end
end
