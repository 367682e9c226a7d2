using System.Net;
using System.Net.Sockets;
using Bottle.Contracts.Git;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Manifests.Reading;

/// <summary>Reads <c>git</c> (SPEC A7).</summary>
internal static class GitReader
{
    private static readonly string[] Keys = ["name", "upstream", "identity_file", "known_hosts", "host_ip", "push", "scan", "cache"];

    /// <summary>The remotes; <paramref name="testHosts"/> are those that test upstreams answer for, whose keys Bottle mints.</summary>
    public static List<GitRemoteManifest> Read(ManifestSource source, MapReader bottle, IReadOnlyList<string> testHosts)
    {
        var remotes = new List<GitRemoteManifest>();
        foreach (var item in bottle.List("git") ?? [])
        {
            if (MapReader.Open(source, item, "a git remote", Keys) is not { } map)
                continue;
            if (ReadOne(source, map, testHosts) is not { } remote)
                continue;
            if (remotes.Find(other => other.Name.Value == remote.Name.Value || other.Upstream.Value == remote.Upstream.Value) is { } first)
                source.Report(ManifestErrors.DuplicateGitRemote(remote.Where, remote.Name.Value, first.Name.Value == remote.Name.Value, first.Where.Line));
            remotes.Add(remote);
        }

        return remotes;
    }

    private static GitRemoteManifest? ReadOne(ManifestSource source, MapReader map, IReadOnlyList<string> testHosts)
    {
        var name = map.RequiredText("name", "name: app");
        if (name is not null && !ManifestName.IsValid(name.Value))
            source.Report(ManifestErrors.BadName(name.Where, "a git remote", name.Value));
        var upstream = ReadUpstream(source, map);
        var played = upstream is not null && testHosts.Contains(upstream.Value.Host);
        var identity = played ? Minted(source, map, "identity_file") : ReadIdentity(source, map);
        var hosts = played ? null : ReadKnownHosts(source, map, upstream?.Value);
        if (played)
            Minted(source, map, "known_hosts");
        var address = ReadAddress(source, map);
        var push = map.Node("push") is { } policy ? PushPolicyReader.Read(source, policy) : new PushPolicy();
        var scan = map.Node("scan") is { } settings ? PushPolicyReader.ReadScan(source, settings) : new ScanPolicy();
        var cache = map.Flag("cache", absent: false);
        return name is null || upstream is null ? null : new GitRemoteManifest
        {
            Name = name,
            Upstream = upstream,
            IdentityFile = identity,
            KnownHosts = hosts,
            HostIp = address,
            Push = push,
            Scan = scan,
            Cache = cache,
            Where = map.Where,
        };
    }

    private static Located<SshUpstream>? ReadUpstream(ManifestSource source, MapReader map)
    {
        if (map.RequiredText("upstream", "upstream: \"ssh://git@git.example.com/app.git\"") is not { } text)
            return null;
        if (!SshUpstream.TryParse(text.Value, out var upstream, out var problem))
            source.Report(ManifestErrors.BadGitUpstream(text.Where, text.Value, problem));
        // Pipelock opens the way by host name, as it does for routes.
        else if (RouteSyntax.HostProblem(upstream.Host) is not null)
            source.Report(ManifestErrors.BadGitUpstream(text.Where, text.Value, "its host is no full name of a machine"));
        else
            return new Located<SshUpstream>(upstream, text.Where);
        return null;
    }

    private static Located<string>? ReadIdentity(ManifestSource source, MapReader map)
    {
        if (map.RequiredText("identity_file", "identity_file: ~/.ssh/id_ed25519") is not { } path)
            return null;
        if (path.Value.Length is > 0 and <= 1024 && InertText.Line(path.Value) == path.Value && !path.Value.EndsWith('/') && !path.Value.Contains("PRIVATE KEY", StringComparison.Ordinal))
            return path;
        source.Report(ManifestErrors.BadIdentityFile(map.KeyAt("identity_file")));
        return null;
    }

    private static KnownHostsManifest? ReadKnownHosts(ManifestSource source, MapReader map, SshUpstream? upstream)
    {
        if (map.RequiredText("known_hosts", "known_hosts: \"git.example.com ssh-ed25519 AAAA…\"") is not { } text)
            return null;
        // A line of known_hosts has blanks, a path that needs none of them is a file.
        if (!text.Value.AsSpan().Trim().ContainsAny(' ', '\n', '\t'))
            return new KnownHostsManifest(null, text.Value.Trim(), text.Where);
        if (KnownHosts.Problem(text.Value, upstream) is { } problem)
            source.Report(ManifestErrors.BadKnownHosts(text.Where, problem));
        return new KnownHostsManifest(text.Value.TrimEnd('\n') + "\n", null, text.Where);
    }

    private static Located<string>? ReadAddress(ManifestSource source, MapReader map)
    {
        if (map.Text("host_ip") is not { } text)
            return null;
        if (IPAddress.TryParse(text.Value, out var address) && address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == text.Value && IsHost(address.GetAddressBytes()))
            return text;
        source.Report(ManifestErrors.BadHostIp(text.Where, text.Value));
        return null;
    }

    // Not the engine's own machine, not link-local (where clouds keep their metadata), no group of machines.
    private static bool IsHost(byte[] address) => address[0] is > 0 and not 127 and < 224 && (address[0], address[1]) is not (169, 254);

    private static Located<string>? Minted(ManifestSource source, MapReader map, string key)
    {
        if (map.Has(key))
            source.Report(ManifestErrors.MintedForTestUpstream(map.KeyAt(key), key));
        return null;
    }
}
