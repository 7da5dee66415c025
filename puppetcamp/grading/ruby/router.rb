# frozen_string_literal: true

# The parent of both workers: hands each of them its lines of standard input, and passes
# on what the attendee's worker says, up to a limit. It understands none of it.
#
# A line of input begins with one character: "c" for the checker, "a" for the attendee's
# worker. The checker writes to standard output by itself; standard error is the
# attendee's worker's stream. When the input or the checker ends, all of it ends.
class Router
  READ = 1 << 16
  BACKLOG = 8 << 20 # bytes that may wait for a worker that does not read

  def initialize(input, checker:, attendee:, said:, limit:)
    @input = input
    @writers = { 'c' => checker, 'a' => attendee }
    @waiting = @writers.transform_values { +''.b }
    @said = said
    @left = limit
    @partial = +''.b
  end

  # checker: its process id. Returns when everything has to end.
  def run(checker)
    @ended, ended = IO.pipe
    trap('CHLD') { ended.write_nonblock('.', exception: false) }
    loop do
      return if ended?(checker)

      ready, writable, = IO.select([@input, @said, @ended].compact, busy)
      return if ready.include?(@input) && !read
      pass_on if ready.include?(@said)
      writable.each { |pipe| write(@writers.key(pipe)) }
    end
  end

  private

  def ended?(checker)
    @ended.read_nonblock(READ, exception: false)
    while (pid = Process.wait(-1, Process::WNOHANG))
      return true if pid == checker
    end
    false
  rescue Errno::ECHILD
    true
  end

  def busy
    @writers.filter_map { |name, pipe| pipe unless @waiting[name].empty? }
  end

  def read
    @partial << @input.read_nonblock(READ)
    while (index = @partial.index("\n"))
      line = @partial.slice!(0..index)
      hand_over(line[0], line[1..]) if @writers.key?(line[0])
    end
    true
  rescue IO::WaitReadable
    true
  rescue EOFError, SystemCallError
    false
  end

  def hand_over(name, line)
    @waiting[name] << line if @waiting[name].bytesize < BACKLOG
    write(name)
  end

  def write(name)
    waiting = @waiting[name]
    waiting.slice!(0, @writers[name].write_nonblock(waiting)) until waiting.empty?
  rescue IO::WaitWritable
    nil
  rescue SystemCallError
    waiting.clear # it has ended, and its stream tells
  end

  def pass_on
    bytes = @said.read_nonblock(READ)
    @left -= bytes.bytesize
    return hush if @left.negative?

    $stderr.write(bytes)
    @within = !bytes.end_with?("\n")
  rescue IO::WaitReadable
    nil
  rescue EOFError, SystemCallError
    hush
  end

  # Ends the attendee's stream, and says so. Whoever still writes to it gets an error.
  def hush
    @said.close
    @said = nil
    $stderr.write(@within ? "\n" : '', "{\"ev\":\"ended\"}\n")
  rescue SystemCallError
    nil
  end
end
