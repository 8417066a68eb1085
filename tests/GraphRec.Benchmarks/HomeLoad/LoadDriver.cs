using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using HdrHistogram;

namespace GraphRec.Benchmarks.HomeLoad;

/// <summary>What came of one run. Latencies are in µs from the moment a request was due.</summary>
internal sealed record LoadResult(LongHistogram Latency, long Answered, long Errors, long Bytes, double Seconds)
{
    public double Rate => Answered / Seconds;

    public double Milliseconds(double percentile) => Latency.GetValueAtPercentile(percentile) / 1000.0;
}

/// <summary>
/// Sends requests at a constant arrival rate over HTTP/1.1 keep-alive connections. Open loop: request i is due at
/// start + i / rate, whatever became of those before it, and its latency counts from then, so that a stall of the server
/// shows in every request that would have come meanwhile (no coordinated omission).
/// </summary>
/// <remarks>
/// Plain blocking sockets, one thread each: on two cores the driver shares them with the server, and an
/// <c>HttpClient</c> costs several times as much CPU per request. Sends happen up to 1 ms late, the resolution of
/// sleeping; that millisecond is in the latencies.
/// </remarks>
internal sealed class LoadDriver(Uri target, int connections)
{
    private const int MaxAnswer = 1 << 20;

    /// <summary>Sends requests for a time and waits for their answers.</summary>
    /// <param name="rate">Requests per second.</param>
    /// <param name="seconds">For how long.</param>
    /// <param name="request">The whole bytes of request i.</param>
    /// <param name="isGood">Looks at the start of a 200 answer's body.</param>
    public LoadResult Run(double rate, double seconds, Func<int, byte[]> request, Func<ReadOnlySpan<byte>, bool> isGood)
    {
        if (!target.IsLoopback) throw new ArgumentException($"{target} is not on this machine; this driver loads only what runs beside it.");
        var run = new RunState(rate, (int)(rate * seconds), request, isGood);
        var threads = Enumerable.Range(0, connections).Select(_ => new Thread(() => Work(run)) { IsBackground = true }).ToArray();
        run.Start = Stopwatch.GetTimestamp() + Stopwatch.Frequency / 20;
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        return new LoadResult(run.Latency, run.Latency.TotalCount, run.Errors, run.Bytes, Stopwatch.GetElapsedTime(run.Start).TotalSeconds);
    }

    private void Work(RunState run)
    {
        var histogram = new LongHistogram(60_000_000, 3);
        var buffer = new byte[MaxAnswer];
        long errors = 0, bytes = 0;
        var socket = Connect();
        while (run.TakeNext() is >= 0 and var i)
        {
            var due = run.Start + (long)(i * Stopwatch.Frequency / run.Rate);
            var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due).TotalMilliseconds;
            if (wait > 0) Thread.Sleep((int)Math.Ceiling(wait));
            try
            {
                socket.Send(run.Request(i));
                var (head, length, status) = Receive(socket, buffer);
                bytes += length;
                if (status != 200 || !run.IsGood(buffer.AsSpan(head, length - head))) errors++;
            }
            catch (Exception e) when (e is SocketException or InvalidDataException)
            {
                errors++;
                socket.Dispose();
                socket = Connect();
            }
            histogram.RecordValue(Math.Min((long)Stopwatch.GetElapsedTime(due).TotalMicroseconds, 60_000_000));
        }
        socket.Dispose();
        run.Add(histogram, errors, bytes);
    }

    private Socket Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 30_000, ReceiveBufferSize = 512 << 10 };
        socket.Connect(IPAddress.Loopback, target.Port);
        return socket;
    }

    /// <summary>Reads one answer that has a Content-Length; returns where the body starts, all bytes, and the status.</summary>
    private static (int Head, int Length, int Status) Receive(Socket socket, byte[] buffer)
    {
        var (have, head, length) = (0, -1, int.MaxValue);
        while (have < length)
        {
            var read = socket.Receive(buffer.AsSpan(have));
            if (read == 0) throw new InvalidDataException("The server closed the connection.");
            have += read;
            if (head < 0 && buffer.AsSpan(0, have).IndexOf("\r\n\r\n"u8) is >= 0 and var end)
            {
                head = end + 4;
                length = head + ContentLength(Encoding.ASCII.GetString(buffer, 0, end));
                if (length > buffer.Length) throw new InvalidDataException($"The answer has {length} bytes.");
            }
        }
        return (head, length, int.Parse(Encoding.ASCII.GetString(buffer, 9, 3), System.Globalization.CultureInfo.InvariantCulture));
    }

    private static int ContentLength(string head)
    {
        const string name = "\r\nContent-Length: ";
        var at = head.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        if (at < 0) throw new InvalidDataException("The answer has no Content-Length.");
        var rest = head.AsSpan(at + name.Length);
        var end = rest.IndexOf('\r');
        return int.Parse(end < 0 ? rest : rest[..end], System.Globalization.CultureInfo.InvariantCulture);
    }

    private sealed class RunState(double rate, int count, Func<int, byte[]> request, Func<ReadOnlySpan<byte>, bool> isGood)
    {
        private readonly Lock _adding = new();
        private int _next = -1;

        public double Rate => rate;
        public long Start { get; set; }
        public LongHistogram Latency { get; } = new(60_000_000, 3);
        public long Errors { get; private set; }
        public long Bytes { get; private set; }

        public int TakeNext() => Interlocked.Increment(ref _next) is var i && i < count ? i : -1;
        public byte[] Request(int i) => request(i);
        public bool IsGood(ReadOnlySpan<byte> body) => isGood(body);

        public void Add(LongHistogram latency, long errors, long bytes)
        {
            lock (_adding)
            {
                Latency.Add(latency);
                (Errors, Bytes) = (Errors + errors, Bytes + bytes);
            }
        }
    }
}
