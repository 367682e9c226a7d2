using System.Text;

namespace Bottle.GitGate.Serving;

/// <summary>The first line of git's own protocol: <c>SERVICE PATH\0host=HOST\0[\0version=N\0]</c>. The host is what the client says and is never used, above all never resolved.</summary>
/// <param name="Service">The program asked for, for example <c>git-upload-pack</c>.</param>
/// <param name="Path">The path asked for, as sent.</param>
/// <param name="Version">The protocol version asked for, 0 to 2.</param>
internal sealed record GitRequest(string Service, string Path, int Version)
{
    /// <summary>The service behind clone and fetch.</summary>
    public const string Fetch = "git-upload-pack";

    /// <summary>The service behind push.</summary>
    public const string Push = "git-receive-pack";

    /// <summary>The name of the repository: the path is exactly <c>/NAME.git</c>; null when it is anything else.</summary>
    public string? Repository => Path.Length > 5 && Path[0] == '/' && Path.EndsWith(".git", StringComparison.Ordinal) ? Path[1..^4] : null;

    /// <summary>Reads a line; null when it is not a request.</summary>
    public static GitRequest? Parse(ReadOnlySpan<byte> line)
    {
        var text = Encoding.UTF8.GetString(line);
        var parts = text.Split('\0');
        var command = parts[0].TrimEnd('\n');
        var space = command.IndexOf(' ', StringComparison.Ordinal);
        if (space <= 0 || command.Any(c => char.IsControl(c) || c == '\uFFFD'))
        {
            return null;
        }
        var version = parts.Contains("version=2", StringComparer.Ordinal) ? 2 : parts.Contains("version=1", StringComparer.Ordinal) ? 1 : 0;
        return new GitRequest(command[..space], command[(space + 1)..], version);
    }
}
