using Bottle.Build;
using Bottle.Build.Doors;
using Bottle.Host.Manifests;
using Bottle.Host.State;

namespace Bottle.Cli;

/// <summary>What could be typed next: verbs, a verb's arguments, agents, bottles and runs. One place for every shell; only looks.</summary>
internal sealed class Completion(BottleHome home, Door door)
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
        if (TargetCatalogue.All.FirstOrDefault(target => target.Verb == verb) is not { } target)
            return [];
        if (current.StartsWith("--", StringComparison.Ordinal) && current.Contains('='))
            return current[2..].Split('=', 2) is [var name, _] ? Values(name).Select(value => $"--{name}={value}") : [];
        if (current.StartsWith('-'))
            return target.Arguments.Select(argument => argument.Value is null || argument.IsValueOptional ? $"--{argument.Name}" : $"--{argument.Name}=").Concat(Flags);
        // "--agent demo": the word after an argument that takes a value is that value.
        if (words.Count > 1 && words[^2] is { } before && before.StartsWith("--", StringComparison.Ordinal) && !before.Contains('=')
            && target.Arguments.Any(argument => argument is { Value: not null, IsValueOptional: false } && $"--{argument.Name}" == before))
            return Values(before[2..]);
        return target.Bare is null ? [] : Values(target.Bare).Concat(target.Bare == "agent" ? Values("bottle") : []);
    }

    private IEnumerable<string> Values(string argument) => argument switch
    {
        "agent" => Manifests.ListAgents().Select(agent => agent.Name),
        "manifest" => Manifests.ListBottles().Select(bottle => bottle.Name),
        "bottle" => Directory.Exists(home.StateRoot) ? Directory.EnumerateDirectories(home.StateRoot).Select(folder => Path.GetFileName(folder)!) : [],
        "format" => ["text", "json"],
        "about" => TargetCatalogue.All.Select(target => target.Name),
        _ => [],
    };

    private ManifestStore Manifests => new([home.Bottles, Path.Combine(door.UserDirectory, "bottles"), .. door.ShippedBottles is { } shipped ? [shipped] : (string[])[]], door.UserDirectory);
}
