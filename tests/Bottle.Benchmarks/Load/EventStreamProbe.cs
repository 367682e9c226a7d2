using System.Diagnostics;
using System.Globalization;
using System.Text;
using Bottle.Benchmarks.Wire;

namespace Bottle.Benchmarks.Load;

/// <summary>Reads server-sent events whose data is the origin's monotonic clock (the same machine's, so the lag of each is known).</summary>
/// <param name="target">Where to.</param>
/// <param name="patience">How long the stream may be silent.</param>
internal sealed class EventStreamProbe(Target target, TimeSpan patience)
{
    /// <summary>Milliseconds from the request until its first event, and of each event since the origin wrote it.</summary>
    internal sealed record Reading(double FirstEventMs, IReadOnlyList<double> LagsMs);

    /// <summary>Reads one stream to its end over a connection that has already answered once, as an agent's has.</summary>
    internal Reading Read(string path, string warmPath)
    {
        using var stream = WireStream.Open(target);
        stream.SetPatience(patience);
        var reader = new HttpReader(stream);
        stream.Write(LoadGenerator.Get(target, warmPath));
        reader.ReadAnswer();
        reader.Drain();
        var sent = Stopwatch.GetTimestamp();
        stream.Write(LoadGenerator.Get(target, path));
        var status = reader.ReadAnswer();
        if (status != 200)
            throw new IOException($"event stream: status {status}");
        var first = double.NaN;
        var lags = new List<double>();
        var text = new StringBuilder();
        while (reader.ReadBody() is { Length: > 0 } part)
        {
            var now = Stopwatch.GetTimestamp();
            text.Append(Encoding.ASCII.GetString(part));
            foreach (var written in TakeEvents(text))
            {
                if (double.IsNaN(first))
                    first = Stopwatch.GetElapsedTime(sent, now).TotalMilliseconds;
                lags.Add(Stopwatch.GetElapsedTime(written, now).TotalMilliseconds);
            }
        }
        return lags.Count > 0 ? new Reading(first, lags) : throw new IOException("event stream: no event");
    }

    private static List<long> TakeEvents(StringBuilder text)
    {
        var events = new List<long>();
        var all = text.ToString();
        int end;
        while ((end = all.IndexOf("\n\n", StringComparison.Ordinal)) >= 0)
        {
            events.Add(long.Parse(all.AsSpan("data: ".Length, end - "data: ".Length), CultureInfo.InvariantCulture));
            all = all[(end + 2)..];
        }
        text.Clear().Append(all);
        return events;
    }
}
