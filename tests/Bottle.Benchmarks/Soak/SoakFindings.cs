using System.Text;

namespace Bottle.Benchmarks.Soak;

/// <summary>Collects what must not have happened, and counts what did.</summary>
internal sealed class SoakFindings
{
    private readonly Lock _lock = new();
    private readonly List<string> _finds = [];
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    internal IReadOnlyList<string> Finds => _finds;

    internal IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>Records a find with the bytes that led to it.</summary>
    internal void Find(string what, ReadOnlySpan<byte> input = default)
    {
        var shown = input.IsEmpty ? "" : " after " + Escape(input[..Math.Min(input.Length, 600)]);
        lock (_lock)
            _finds.Add(what + shown);
    }

    internal void Count(string what)
    {
        lock (_lock)
            _counts[what] = _counts.GetValueOrDefault(what) + 1;
    }

    private static string Escape(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (var one in bytes)
            text.Append(one is >= 0x20 and < 0x7f and not (byte)'\\' ? ((char)one).ToString() : $"\\x{one:x2}");
        return text.ToString();
    }
}
