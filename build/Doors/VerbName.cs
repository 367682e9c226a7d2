using System.Text;

namespace Bottle.Build.Doors;

/// <summary>A target as a verb of the <c>bottle</c> tool: <c>DumpLogs</c> is <c>dump-logs</c>.</summary>
public static class VerbName
{
    /// <summary>The verb of a target.</summary>
    public static string Of(string target)
    {
        var verb = new StringBuilder();
        foreach (var letter in target)
        {
            if (char.IsUpper(letter) && verb.Length > 0)
                verb.Append('-');
            verb.Append(char.ToLowerInvariant(letter));
        }

        return verb.ToString();
    }

    /// <summary>The target that a verb means, also where it is written as the target itself, in any case of letters; null for none.</summary>
    public static string? TargetOf(string verb, IEnumerable<string> targets) =>
        targets.FirstOrDefault(target => Of(target).Equals(verb, StringComparison.OrdinalIgnoreCase) || target.Equals(verb, StringComparison.OrdinalIgnoreCase));
}
