using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Bottle.Contracts.Git;

/// <summary>An upstream repository over ssh, in parts that cannot be mistaken for options.</summary>
public sealed partial record SshUpstream(string User, string Host, int Port, string Path)
{
    /// <summary>The form that git is given: port written out, path absolute (<c>/~user/x</c> is git's own spelling of a home).</summary>
    public string Url => $"ssh://{User}@{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port.ToString(CultureInfo.InvariantCulture)}{Path}";

    /// <summary>Every way to write this upstream that the agent's git shall find at the gate (SPEC H1): values of <c>insteadOf</c>, which replaces prefixes, longest first.
    /// A repository whose name only begins the same is caught by the shorter ones and refused by the gate, unless it is declared itself.</summary>
    public IReadOnlyList<string> Spellings
    {
        get
        {
            var stem = Path.EndsWith(".git", StringComparison.Ordinal) ? Path[..^4] : Path;
            // Forges take a path from the root and one from the home for the same.
            var rooted = stem.StartsWith("/~/", StringComparison.Ordinal) ? stem[2..] : stem;
            string[] paths = rooted.StartsWith("/~", StringComparison.Ordinal) ? [rooted] : [rooted, "/~" + rooted];
            string[] places = Port == 22 ? [Host, $"{Host}:22"] : [$"{Host}:{Port.ToString(CultureInfo.InvariantCulture)}"];
            string[] users = [$"{User}@", ""];
            IEnumerable<string> spellings =
            [
                .. from scheme in (string[])["ssh", "git+ssh"] from user in users from place in places from path in paths select $"{scheme}://{user}{place}{path}",
                // The short form has no port; what stands after its colon begins at the home, unless it has a slash.
                .. from user in users from path in paths from written in (string[])[path[1..], path] where Port == 22 && !written.StartsWith("/~", StringComparison.Ordinal) select $"{user}{Host}:{written}",
                .. from scheme in (string[])["https", "http"] from user in users select $"{scheme}://{user}{Host}{rooted}",
            ];
            return [.. spellings.Distinct(StringComparer.Ordinal).SelectMany(spelling => new[] { spelling + ".git", spelling })];
        }
    }

    /// <summary>Reads <c>ssh://[user@]host[:port]/path</c> and the scp form <c>[user@]host:path</c>; the user is <c>git</c> when none is written.</summary>
    /// <param name="text">What the manifest says.</param>
    /// <param name="upstream">The parts.</param>
    /// <param name="problem">One sentence when it cannot be read.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out SshUpstream? upstream, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        upstream = null;
        problem = null;
        var match = UrlForm().Match(text);
        var isUrl = match.Success;
        if (!isUrl)
        {
            match = ScpForm().Match(text);
        }
        if (!match.Success || text.Contains("://", StringComparison.Ordinal) != isUrl)
        {
            problem = "an upstream is ssh://user@host[:port]/path or user@host:path";
            return false;
        }
        var path = match.Groups["path"].Value;
        if (!path.StartsWith('/'))
        {
            path = path.StartsWith('~') ? "/" + path : "/~/" + path;
        }
        if (path.Split('/').Contains("..", StringComparer.Ordinal))
        {
            problem = "the path of an upstream has no '..'";
            return false;
        }
        var port = 22;
        if (match.Groups["port"].Success && (!int.TryParse(match.Groups["port"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535))
        {
            problem = "a port is 1 to 65535";
            return false;
        }
        upstream = new SshUpstream(match.Groups["user"].Success ? match.Groups["user"].Value : "git", match.Groups["host"].Value.Trim('[', ']').ToLowerInvariant(), port, path);
        return true;
    }

    // Neither user, host nor path may begin with a dash or hold white space, quotes, '$', '`' or a backslash: they become arguments of ssh and of the upstream's shell.
    [GeneratedRegex(@"\Assh://(?:(?<user>[A-Za-z0-9_][A-Za-z0-9_.-]*)@)?(?<host>[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:]+\])(?::(?<port>[0-9]{1,5}))?(?<path>/[A-Za-z0-9_.~/@+,=%-]+)\z")]
    private static partial Regex UrlForm();

    [GeneratedRegex(@"\A(?:(?<user>[A-Za-z0-9_][A-Za-z0-9_.-]*)@)?(?<host>[A-Za-z0-9][A-Za-z0-9.-]*):(?<path>[A-Za-z0-9_.~/][A-Za-z0-9_.~/@+,=%-]*)\z")]
    private static partial Regex ScpForm();
}
