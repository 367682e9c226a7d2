using System.Globalization;
using Bottle.Contracts.Routes;

namespace Bottle.Core.Planning;

/// <summary>How long a grant lasts, as a person writes it (SPEC N3): <c>30m</c> by time (s, m, h, d), <c>3x</c> by number of requests, <c>run</c> until the run ends.</summary>
public sealed record LeaseTerm
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);
    private const int MostUses = 1_000_000;

    private LeaseTerm(string text) => Text = text;

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>How long; null when it does not end by time.</summary>
    public TimeSpan? Duration { get; private init; }

    /// <summary>How many requests; null when it does not end by number.</summary>
    public int? Uses { get; private init; }

    /// <summary>Reads a term; null when it is none, and <paramref name="problem"/> says why.</summary>
    public static LeaseTerm? Parse(string text, out string problem)
    {
        problem = "";
        if (text == "run")
            return new LeaseTerm(text);
        if (text.Length < 2 || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1)
        {
            problem = "it is no number with a unit";
            return null;
        }
        if (text[^1] == 'x')
            return number <= MostUses ? new LeaseTerm(text) { Uses = (int)number } : Refuse($"more than {MostUses} requests are no limit; write 'run'", out problem);
        var unit = text[^1] switch { 's' => 1L, 'm' => 60L, 'h' => 3600L, 'd' => 86400L, _ => 0L };
        if (unit == 0)
            return Refuse($"'{text[^1]}' is no unit", out problem);
        return number <= (long)Longest.TotalSeconds / unit
            ? new LeaseTerm(text) { Duration = TimeSpan.FromSeconds(number * unit) }
            : Refuse("it is longer than 30 days; write 'run'", out problem);
    }

    /// <summary>The lease of a route that is granted at a moment; null for <c>run</c>. The end is a whole second, as routes.yaml has it.</summary>
    public RouteLease? At(DateTimeOffset now, string id) => this is { Duration: null, Uses: null } ? null : new RouteLease
    {
        Id = id,
        Until = Duration is { } duration ? DateTimeOffset.FromUnixTimeSeconds((now + duration).ToUnixTimeSeconds()) : null,
        Uses = Uses,
    };

    private static LeaseTerm? Refuse(string reason, out string problem)
    {
        problem = reason;
        return null;
    }
}
