namespace Bottle.Host.Processes;

/// <summary>Replaces secret values, and each line of a value of several lines, by <c>***</c>.</summary>
internal sealed class Redaction(IEnumerable<string> values)
{
    private const string Mask = "***";

    // Longest first: a value that contains another one goes as a whole.
    private readonly string[] hidden =
        [.. values.SelectMany(v => v.Split('\n', StringSplitOptions.TrimEntries).Append(v))
            .Where(v => v.Length > 0).Distinct(StringComparer.Ordinal).OrderByDescending(v => v.Length)];

    /// <summary>The text without the values.</summary>
    public string Apply(string text) =>
        hidden.Aggregate(text, (current, value) => current.Replace(value, Mask, StringComparison.Ordinal));
}
