namespace Bottle.Host.Traffic;

/// <summary>Which requests a person wants to see: words that must all occur in <c>METHOD host:port/path decision status code</c>, in any case of letters; a word behind <c>!</c> must not.</summary>
public sealed record TrafficFilter
{
    /// <summary>Everything.</summary>
    public static readonly TrafficFilter None = new("");

    private readonly string[] wanted;
    private readonly string[] unwanted;

    /// <summary>A filter as it is typed: <c>denied !GET api.example.com</c>.</summary>
    public TrafficFilter(string text)
    {
        Text = text.Trim();
        var words = Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        wanted = [.. words.Where(word => word[0] != '!')];
        unwanted = [.. words.Where(word => word[0] == '!').Select(word => word[1..]).Where(word => word.Length > 0)];
    }

    /// <summary>As it was typed.</summary>
    public string Text { get; }

    /// <summary>Whether a request is wanted.</summary>
    public bool Matches(TrafficRecord record)
    {
        if (Text.Length == 0)
            return true;
        var text = $"{record.Method} {record.HostAndPort}{record.Path} {TrafficText.Word(record.Decision)} {record.Status} {record.Code}";
        return wanted.All(word => text.Contains(word, StringComparison.OrdinalIgnoreCase)) && !unwanted.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Two filters are one when they are typed alike.</summary>
    public bool Equals(TrafficFilter? other) => other?.Text == Text;

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
}
