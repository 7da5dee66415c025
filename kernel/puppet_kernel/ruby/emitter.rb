# frozen_string_literal: true

require 'json'

module WarmPuppet
  # Writes a child's events to its parent, within limits: a manifest may log without
  # end, and the reader of a notebook has to load all of it.
  class Emitter
    TEXT_LIMIT = 16_384    # characters of one message
    DIFF_LIMIT = 65_536    # characters of one diff
    LOG_LIMIT = 2_000      # messages of one request, errors apart
    ERROR_LIMIT = 200      # error messages of one request
    LOG_BYTES = 524_288    # all messages of one request together, errors apart

    def self.text(value, limit = TEXT_LIMIT)
      string = value.to_s.dup
      string.force_encoding(Encoding::UTF_8) if string.encoding == Encoding::BINARY
      string = string.encode(Encoding::UTF_8, invalid: :replace, undef: :replace).scrub
      return string if string.length <= limit

      "#{string[0, limit]}… [#{string.length - limit} more characters]"
    end

    # sign: what each line begins with, so that its reader knows whose it is: a manifest
    # can have files written, and the pipe is one of them by the name of a descriptor.
    def initialize(pipe, sign = '')
      @pipe = pipe
      @sign = sign
      @pipe.sync = true
      @lock = Mutex.new
      @logs = 0
      @bytes = 0
      @errors = 0
      @dropped = 0
    end

    def emit(event)
      line = "#{@sign}#{JSON.generate(event)}\n"
      @lock.synchronize { @pipe.write(line) }
      line.bytesize
    end

    # Emits a log event unless there have been too many.
    def log(event, error:)
      if error ? (@errors += 1) > ERROR_LIMIT : (@logs += 1) > LOG_LIMIT || @bytes > LOG_BYTES
        @dropped += 1
      else
        written = emit(event)
        @bytes += written unless error
      end
    end

    def finish
      emit(ev: 'dropped', messages: @dropped) if @dropped.positive?
    end
  end
end
