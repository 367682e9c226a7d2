using System.Buffers.Binary;
using System.Text;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;

namespace Bottle.Host.Secrets;

/// <summary>Keys and host keys of git remotes, read from the operator's files: checked before anything is created, copied at launch. No message holds a value.</summary>
/// <param name="baseDirectory">What the paths of manifests, as people see them, are relative to.</param>
public sealed class GitCredentials(string baseDirectory)
{
    private const string OpenSshMagic = "openssh-key-v1\0";

    /// <summary>Files that cannot be used, each once.</summary>
    public IReadOnlyList<FileProblem> Problems(IEnumerable<GitRemoteManifest> remotes)
    {
        var problems = new List<FileProblem>();
        foreach (var remote in remotes)
        {
            if (remote.IdentityFile is { } key && Problem(key.Value, key.Where, KeyProblem) is { } unusable)
                problems.Add(new FileProblem(key.Value, unusable));
            if (remote.KnownHosts is { File: { } file, Where: var where } && Problem(file, where, text => Core.Manifests.Reading.KnownHosts.Problem(text, remote.Upstream.Value)) is { } unreadable)
                problems.Add(new FileProblem(file, unreadable));
        }
        return [.. problems.Distinct()];
    }

    /// <summary>The private key of a remote, ending in a line break as ssh wants it. A secret.</summary>
    /// <exception cref="BottleException">BTL5105: it can no longer be read or used.</exception>
    public string Key(GitRemotePlan remote) => Read(remote.IdentityFile!, remote.Source, KeyProblem);

    /// <summary>The text of a remote's known_hosts file.</summary>
    /// <exception cref="BottleException">BTL5105: it can no longer be read, or no longer holds a key of the upstream.</exception>
    public string KnownHosts(GitRemotePlan remote) => Read(remote.KnownHostsFile!, remote.Source, text => Core.Manifests.Reading.KnownHosts.Problem(text, remote.Upstream));

    private string Read(string path, string source, Func<string, string?> check)
    {
        var where = Place(source);
        return Problem(path, where, check) is { } problem
            ? throw new BottleException(SessionErrors.GitFileUnusable(path, problem, where))
            : Encoding.UTF8.GetString(SecretFiles.Read(SecretFiles.FullPath(path, where.File, baseDirectory))).TrimEnd('\r', '\n') + "\n";
    }

    private string? Problem(string path, SourceSpan where, Func<string, string?> check)
    {
        try
        {
            return check(Encoding.UTF8.GetString(SecretFiles.Read(SecretFiles.FullPath(path, where.File, baseDirectory))));
        }
        catch (FileNotFoundException)
        {
            return "it does not exist";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "it cannot be read";
        }
    }

    /// <summary>What keeps ssh from using a private key unattended, or null.</summary>
    internal static string? KeyProblem(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries);
        if (!lines.Any(line => line.StartsWith("-----BEGIN ", StringComparison.Ordinal) && line.EndsWith("PRIVATE KEY-----", StringComparison.Ordinal)))
            return "it is no private key";
        if (text.Contains("ENCRYPTED", StringComparison.Ordinal))
            return "it has a passphrase";
        if (!text.Contains("BEGIN OPENSSH PRIVATE KEY", StringComparison.Ordinal))
            return null;
        var body = string.Concat(lines.Where(line => line.Length > 0 && line[0] != '-'));
        var bytes = new byte[body.Length];
        if (!Convert.TryFromBase64String(body, bytes, out var length) || length < OpenSshMagic.Length + 8 || Encoding.Latin1.GetString(bytes, 0, OpenSshMagic.Length) != OpenSshMagic)
            return "it is no private key";
        // The cipher's name follows: a length and "none".
        var cipher = bytes.AsSpan(OpenSshMagic.Length, length - OpenSshMagic.Length);
        return BinaryPrimitives.ReadInt32BigEndian(cipher) == 4 && cipher.Slice(4, 4).SequenceEqual("none"u8) ? null : "it has a passphrase";
    }

    // A plan keeps the place as file:line.
    private static SourceSpan Place(string source)
    {
        var colon = source.LastIndexOf(':');
        return new SourceSpan(source[..colon], int.Parse(source.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture), 1);
    }
}
