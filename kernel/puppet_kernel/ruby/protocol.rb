# frozen_string_literal: true

require 'json'

module WarmPuppet
  # One JSON object per line, in both directions.
  class Protocol
    READ_SIZE = 1 << 20

    # Claims standard input and output for the protocol. Afterwards both names point
    # elsewhere, so that a stray print cannot corrupt a line. Ruby opens the
    # duplicates close-on-exec: no command that Puppet starts inherits them.
    def self.take_over_stdio
      input = $stdin.dup
      output = $stdout.dup
      $stdin.reopen(File::NULL)
      $stdout.reopen($stderr)
      new(input, output)
    end

    attr_reader :input

    def initialize(input, output)
      @input = input.binmode
      @output = output.binmode
      @output.sync = true
      @buffer = +''.b
    end

    def send_event(event)
      @output.write("#{encode(event)}\n")
    rescue Errno::EPIPE
      exit!(0) # nobody listens any more
    end

    # Yields each complete request that has arrived; returns false at end of input.
    # A line that is no JSON object is answered, not fatal.
    def each_request
      @buffer << @input.read_nonblock(READ_SIZE)
      while (index = @buffer.index("\n"))
        request = parse(@buffer.slice!(0..index))
        yield request if request
      end
      true
    rescue IO::WaitReadable
      true
    rescue EOFError, Errno::ECONNRESET
      false
    end

    # To be called in every child: the protocol belongs to the parent.
    def close
      @input.close
      @output.close
    end

    private

    # What a child or a requester made of JSON may be no JSON: text that is not Unicode
    # (a lone surrogate), a number that is none (1e999).
    def encode(event)
      JSON.generate(event)
    rescue JSON::JSONError, EncodingError
      JSON.generate(presentable(event), max_nesting: 0)
    end

    def presentable(value)
      case value
      when String then value.dup.force_encoding(Encoding::UTF_8).scrub
      when Float then value.finite? ? value : nil
      when Hash then value.to_h { |key, item| [presentable(key.to_s), presentable(item)] }
      when Array then value.map { |item| presentable(item) }
      else value
      end
    end

    def parse(line)
      request = JSON.parse(line.force_encoding(Encoding::UTF_8).scrub)
      return request if request.is_a?(Hash) && request['op'].is_a?(String)

      send_event(ev: 'refused', message: 'a request is a JSON object with the key "op"')
      nil
    rescue JSON::ParserError
      send_event(ev: 'refused', message: 'a request is one line of JSON')
      nil
    end
  end
end
