namespace Bottle.Core.Capability;

/// <summary>The packages that commands name, as far as a reader without a shell can tell: a help for who reads the steps, and no check of them.</summary>
internal static class PackageNames
{
    private static readonly string[] Ends = ["&&", "||", ";", "|", "&"];

    // The words that install, by program; what follows is options and names.
    private static readonly Dictionary<string, (string Manager, string[] Verbs)> Programs = new(StringComparer.Ordinal)
    {
        ["apt-get"] = ("apt", ["install"]),
        ["apt"] = ("apt", ["install"]),
        ["apk"] = ("apk", ["add"]),
        ["dnf"] = ("dnf", ["install"]),
        ["yum"] = ("dnf", ["install"]),
        ["pip"] = ("pip", ["install"]),
        ["pip3"] = ("pip", ["install"]),
        ["pipx"] = ("pip", ["install"]),
        ["npm"] = ("npm", ["install", "i", "add"]),
        ["cargo"] = ("cargo", ["install"]),
        ["gem"] = ("gem", ["install"]),
        ["go"] = ("go", ["install", "get"]),
    };

    /// <summary>Each package once, in the order named.</summary>
    public static IReadOnlyList<NamedPackage> Of(IEnumerable<CapabilityStep> steps) =>
        [.. steps.OfType<CapabilityStep.Run>().SelectMany(step => Commands(step.Command)).SelectMany(Of).Distinct()];

    private static IEnumerable<NamedPackage> Of(IReadOnlyList<string> words)
    {
        for (var i = 0; i + 1 < words.Count; i++)
        {
            if (!Programs.TryGetValue(words[i].Split('/')[^1], out var program))
                continue;
            var rest = words.Skip(i + 1).SkipWhile(word => word.StartsWith('-')).ToList();
            return rest.Count > 0 && program.Verbs.Contains(rest[0])
                ? rest.Skip(1).Where(word => word.Length > 0 && !word.StartsWith('-')).Select(word => new NamedPackage(program.Manager, word))
                : [];
        }

        return [];
    }

    // What divides commands may stand without blanks; quotes are dropped, as a shell drops them.
    private static IEnumerable<List<string>> Commands(string line)
    {
        var spaced = Ends.Aggregate(line, (text, end) => end.Length == 2 ? text.Replace(end, $" {end} ", StringComparison.Ordinal) : text).Replace(";", " ; ", StringComparison.Ordinal);
        var command = new List<string>();
        foreach (var word in spaced.Split([' ', '\t', '(', ')', '{', '}'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (Ends.Contains(word))
            {
                yield return command;
                command = [];
            }
            else
            {
                command.Add(word.Trim('"', '\''));
            }
        }

        yield return command;
    }
}
