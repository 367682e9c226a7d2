using System.Diagnostics;
using System.Text;
using Bottle.Benchmarks.Wire;

namespace Bottle.Benchmarks.Load;

/// <summary>Closed-loop load: one blocking thread per connection, each sends its next request when the answer to the last is complete.</summary>
/// <param name="target">Where to.</param>
/// <param name="path">What to ask for.</param>
/// <param name="expectedLength">The length of a right answer's body.</param>
/// <param name="cpuSeconds">The CPU time that the proxy has used so far.</param>
internal sealed class LoadGenerator(Target target, string path, long expectedLength, Func<double> cpuSeconds)
{
    private readonly byte[] _request = Get(target, path);

    /// <summary>A GET request as bytes.</summary>
    internal static byte[] Get(Target target, string path) => Encoding.ASCII.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: {target.Authority}\r\nUser-Agent: bench\r\nAccept: */*\r\n{AuthorizationLine(target)}\r\n");

    /// <summary>The header line that carries the client's own credential, or nothing.</summary>
    internal static string AuthorizationLine(Target target) => target.Credential is null ? "" : $"Authorization: {target.Credential}\r\n";

    /// <summary>Requests over connections that are kept; opening them is not part of what is timed.</summary>
    internal LoadResult KeepAlive(int connections, TimeSpan duration, int mostPerConnection = int.MaxValue)
    {
        using var ready = new CountdownEvent(connections);
        using var go = new ManualResetEventSlim();
        return Run(connections, duration, mostPerConnection, ready, go, Worker);

        void Worker(WorkerState state)
        {
            WireStream? stream = null;
            try
            {
                stream = WireStream.Open(target);
                var reader = new HttpReader(stream);
                Exchange(stream, reader);
                ready.Signal();
                go.Wait();
                while (state.Goes())
                {
                    var sent = Stopwatch.GetTimestamp();
                    Exchange(stream, reader);
                    state.Add(sent);
                }
            }
            catch (IOException e)
            {
                state.Errors.Add(e.Message);
                if (!go.IsSet)
                    ready.Signal();
            }
            finally
            {
                stream?.Dispose();
            }
        }
    }

    /// <summary>One request per connection: TCP, CONNECT, full TLS handshake, GET, close.</summary>
    internal LoadResult NewConnections(int connections, TimeSpan duration, int mostPerConnection = int.MaxValue)
    {
        using var ready = new CountdownEvent(connections);
        using var go = new ManualResetEventSlim();
        return Run(connections, duration, mostPerConnection, ready, go, Worker);

        void Worker(WorkerState state)
        {
            ready.Signal();
            go.Wait();
            while (state.Goes())
            {
                try
                {
                    var sent = Stopwatch.GetTimestamp();
                    using var stream = WireStream.Open(target);
                    Exchange(stream, new HttpReader(stream));
                    state.Add(sent);
                }
                catch (IOException e)
                {
                    state.Errors.Add(e.Message);
                }
            }
        }
    }

    private LoadResult Run(int connections, TimeSpan duration, int mostPerConnection, CountdownEvent ready, ManualResetEventSlim go, Action<WorkerState> worker)
    {
        var states = Enumerable.Range(0, connections).Select(_ => new WorkerState(mostPerConnection)).ToArray();
        var threads = states.Select(state => new Thread(() => worker(state), 256 * 1024) { IsBackground = true }).ToArray();
        foreach (var thread in threads)
            thread.Start();
        ready.Wait();
        var cpuBefore = cpuSeconds();
        var begin = Stopwatch.GetTimestamp();
        foreach (var state in states)
            state.Until = begin + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        go.Set();
        foreach (var thread in threads)
            thread.Join();
        var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        var cpu = cpuSeconds() - cpuBefore;
        var errors = new LoadErrors();
        foreach (var state in states)
            errors.Add(state.Errors);
        var latencies = states.SelectMany(state => state.Latencies).ToArray();
        Array.Sort(latencies);
        return new LoadResult(latencies.Length, seconds, cpu, latencies, errors);
    }

    private void Exchange(WireStream stream, HttpReader reader)
    {
        stream.Write(_request);
        var status = reader.ReadAnswer();
        var length = reader.Drain();
        if (status != 200 || length != expectedLength)
            throw new IOException($"status {status}, {length} bytes instead of 200, {expectedLength} bytes");
    }

    private sealed class WorkerState(int most)
    {
        private int _left = most;

        internal long Until { get; set; }

        internal List<double> Latencies { get; } = new(16 * 1024);

        internal LoadErrors Errors { get; } = new();

        internal bool Goes() => _left-- > 0 && Stopwatch.GetTimestamp() < Until;

        internal void Add(long sent) => Latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMicroseconds);
    }
}
