using System.Globalization;

namespace Bottle.Core.Manifests;

/// <summary>A number of bytes as the engine and memory chips count them: a whole number with <c>KB</c>, <c>MB</c>, <c>GB</c> or <c>TB</c>, where 1 GB is 1024 MB.</summary>
public static class ByteSize
{
    private const int Step = 10;
    private static readonly string[] Units = ["KB", "MB", "GB", "TB"];

    /// <summary>Reads a size; false for what is none, or more than a number holds.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var unit = Array.FindIndex(Units, name => text.EndsWith(name, StringComparison.Ordinal));
        if (unit < 0 || !long.TryParse(text.AsSpan(0, text.Length - Units[unit].Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > long.MaxValue >> (Step * (unit + 1)))
            return false;
        bytes = count << (Step * (unit + 1));
        return true;
    }

    /// <summary>A number of bytes in the largest unit that leaves at least one whole: exact where that is a whole number, else with one decimal, rounded down.</summary>
    public static string Format(long bytes)
    {
        var unit = Units.Length - 1;
        while (unit >= 0 && bytes < 1L << (Step * (unit + 1)))
            unit--;
        if (unit < 0)
            return string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes");
        var size = 1L << (Step * (unit + 1));
        var tenths = (long)((Int128)(bytes % size) * 10 / size);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / size}{(bytes % size == 0 ? "" : $".{tenths}")} {Units[unit]}");
    }
}
