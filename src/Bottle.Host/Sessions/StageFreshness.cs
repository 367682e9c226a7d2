using Bottle.Host.State;

namespace Bottle.Host.Sessions;

/// <summary>Whether what a stage made before is still what it would make now, and if not, why, in words for people (SPEC E3).</summary>
public static class StageFreshness
{
    /// <summary>Why a stage runs that has not run before.</summary>
    public const string FirstRun = "first run";

    // More would not be read.
    private const int MostNamed = 3;

    /// <summary>Why a stage must run again, by its record and its inputs of now; null when these are the same.</summary>
    public static string? Reason(StageRecord? record, IReadOnlyList<StageInput> now) => record switch
    {
        null => FirstRun,
        { Result: StageRecord.Failed } => "it failed before",
        { Inputs: null } => "nothing is recorded of what it depended on",
        { Inputs: { } before } => Difference(before, now),
    };

    /// <summary>The names of inputs that are new, gone, or not as they were.</summary>
    public static IEnumerable<string> Changed(IReadOnlyList<StageInput> before, IReadOnlyList<StageInput> now)
    {
        var old = before.Select(input => (input.Name, input.Hash)).ToHashSet();
        old.SymmetricExceptWith(now.Select(input => (input.Name, input.Hash)));
        return old.Select(input => input.Name).Distinct(StringComparer.Ordinal);
    }

    /// <summary>Why the files that a stage recorded are not those that lie in the run's folder; null when they are.</summary>
    public static string? Reason(StageRecord record, StateDirectory state) =>
        Join([.. (record.Outputs ?? new Dictionary<string, string>()).Where(output => !output.Key.Contains(' ', StringComparison.Ordinal))
            .Select(output => ContentDigest.OfFile(state[output.Key]) is not { } digest ? $"{output.Key} is gone" : digest == output.Value ? null : $"{output.Key} was changed since")
            .OfType<string>()]);

    private static string? Difference(IReadOnlyList<StageInput> before, IReadOnlyList<StageInput> now)
    {
        var old = before.ToDictionary(input => input.Name, StringComparer.Ordinal);
        var present = now.Select(input => input.Name).ToHashSet(StringComparer.Ordinal);
        List<(StageInput Input, string Words)> changes =
        [
            .. now.Where(input => !old.ContainsKey(input.Name)).Select(input => (input, $"{input.Name} added{At(input)}")),
            .. now.Where(input => old.TryGetValue(input.Name, out var was) && was.Hash != input.Hash).Select(input => (input, $"{input.Name} changed{At(input)}")),
            .. before.Where(input => !present.Contains(input.Name)).Select(input => (input, $"{input.Name} removed{Was(input)}")),
        ];
        // What a person wrote explains the rest.
        var written = changes.Where(change => change.Input.Where is not null).ToList();
        return Join([.. (written.Count > 0 ? written : changes).Select(change => change.Words)]);
    }

    private static string At(StageInput input) => input.Where is { } where ? $" at {where}" : "";

    private static string Was(StageInput input) => input.Where is { } where ? $" (it stood at {where})" : "";

    private static string? Join(IReadOnlyList<string> reasons) => reasons.Count switch
    {
        0 => null,
        <= MostNamed => string.Join(", ", reasons),
        _ => $"{string.Join(", ", reasons.Take(MostNamed))}, and {reasons.Count - MostNamed} more",
    };
}
