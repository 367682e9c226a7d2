using Bottle.Build;
using Bottle.Build.Doors;

namespace Bottle.Cli;

/// <summary>What could be typed next: verbs, a verb's arguments and their values. One place for every shell; only looks. What ends in <c>=</c> or <c>/</c> wants more after it.</summary>
internal sealed class Completion(CompletionValues values)
{
    private static readonly string[] Flags = ["--help"];
    private static readonly string[] Own = ["completion", "help"];

    /// <summary>The candidates for the last of the words after <c>bottle</c>, which is what stands before the cursor (perhaps empty).</summary>
    public IReadOnlyList<string> Candidates(IReadOnlyList<string> words)
    {
        var current = words.Count > 0 ? words[^1] : "";
        var verb = words.Take(words.Count - 1).FirstOrDefault(word => !word.StartsWith('-') && word != "help");
        IEnumerable<string> all = verb is null ? Verbs(words) : verb == "completion" ? CompletionScripts.Shells : OfTarget(verb, current, words);
        return [.. all.Where(candidate => candidate.StartsWith(current, StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Verbs(IReadOnlyList<string> words) =>
        TargetCatalogue.All.Select(target => target.Verb).Concat(words.Contains("help") ? [] : Own);

    private IEnumerable<string> OfTarget(string verb, string current, IReadOnlyList<string> words)
    {
        if (TargetCatalogue.All.FirstOrDefault(target => target.Verb == verb) is not { } target || words.Contains("help"))
            return [];
        if (current.StartsWith("--", StringComparison.Ordinal) && current.Contains('='))
            return current[2..].Split('=', 2) is [var name, var begun] ? values.Of(name, begun, target, words).Select(value => $"--{name}={value}") : [];
        if (current.StartsWith('-'))
            return target.Arguments.Select(argument => argument.Value is null || argument.IsValueOptional ? $"--{argument.Name}" : $"--{argument.Name}=").Concat(Flags);
        // "--agent demo": the word after an argument that takes a value is that value.
        if (words.Count > 1 && target.Arguments.FirstOrDefault(argument => argument is { Value: not null, IsValueOptional: false } && $"--{argument.Name}" == words[^2]) is { } before)
            return values.Of(before.Name, current, target, words);
        return target.Bare is null ? [] : values.Of(target.Bare, current, target, words).Concat(MayNameARun(target) ? values.Of("bottle", current, target, words) : []);
    }

    // Where an agent is expected a run's identity may stand, if the target takes one (VerbLine).
    private static bool MayNameARun(TargetInfo target) => target.Bare == "agent" && target.Arguments.Any(argument => argument.Name == "bottle");
}
