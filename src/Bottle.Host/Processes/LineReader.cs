using System.Runtime.ExceptionServices;
using System.Text;

namespace Bottle.Host.Processes;

/// <summary>Reads one stream of a child to its end: keeps the last characters of it and reports each line.</summary>
internal sealed class LineReader(Stream stream, int limit, Action<string>? onLine)
{
    // A child that never ends its line must not fill the memory: such a line is reported in pieces.
    private const int LongestLine = 64 * 1024;

    private readonly StringBuilder kept = new();
    private readonly StringBuilder line = new();
    private ExceptionDispatchInfo? failure;
    private readonly Lock gate = new();
    private long lastData = Environment.TickCount64;

    /// <summary>Whether the beginning was dropped.</summary>
    public bool Truncated { get; private set; }

    /// <summary>How long ago something came.</summary>
    public TimeSpan Idle => TimeSpan.FromMilliseconds(Environment.TickCount64 - Interlocked.Read(ref lastData));

    /// <summary>What was kept so far.</summary>
    public string Text
    {
        get
        {
            lock (gate)
            {
                return Truncated ? kept.ToString(Math.Max(0, kept.Length - limit), Math.Min(limit, kept.Length)) : kept.ToString();
            }
        }
    }

    /// <summary>Reads until the end of the stream. Blocks its thread; what the line handler throws is thrown at the end, so that the child never waits for a reader.</summary>
    public void Read()
    {
        using var reader = new StreamReader(stream, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: false);
        var buffer = new char[8192];
        int count;
        while ((count = reader.Read(buffer)) > 0)
        {
            Interlocked.Exchange(ref lastData, Environment.TickCount64);
            Keep(buffer.AsSpan(0, count));
            Split(buffer.AsSpan(0, count));
        }
        if (line.Length > 0)
            Report();
        failure?.Throw();
    }

    private void Keep(ReadOnlySpan<char> text)
    {
        lock (gate)
        {
            kept.Append(text);
            Truncated |= kept.Length > limit;
            // Cut rarely: each cut copies what stays.
            if (kept.Length > limit * 2L)
                kept.Remove(0, kept.Length - limit);
        }
    }

    private void Split(ReadOnlySpan<char> text)
    {
        if (onLine is null)
            return;
        foreach (var c in text)
        {
            if (c != '\n')
                line.Append(c);
            if (c == '\n' || line.Length >= LongestLine)
                Report();
        }
    }

    private void Report()
    {
        var text = line.ToString().TrimEnd('\r');
        line.Clear();
        if (failure is not null)
            return;
        try
        {
            onLine?.Invoke(text);
        }
        catch (Exception e)
        {
            failure = ExceptionDispatchInfo.Capture(e);
        }
    }
}
