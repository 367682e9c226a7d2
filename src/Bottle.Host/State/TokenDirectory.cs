using System.Text.Json;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;

namespace Bottle.Host.State;

/// <summary>
/// The folder of egress's token file, on tmpfs, so that values never reach a disk: <c>$XDG_RUNTIME_DIR/claude-bottle/&lt;home&gt;/&lt;identity&gt;</c> when that is tmpfs, else <c>/dev/shm/claude-bottle-&lt;uid&gt;/…</c> (SPEC A6).
/// Folders 0700, the file 0600; what is there already and is not this user's alone is BTL3105.
/// </summary>
public sealed class TokenDirectory
{
    private const string SharedMemory = "/dev/shm";

    private readonly string home;
    private readonly string root;

    /// <summary>The folder of a run of a home, by the operator's environment.</summary>
    public TokenDirectory(BottleHome home, string identity)
        : this(home, identity, RuntimeFolder() ?? Path.Combine(SharedMemory, $"claude-bottle-{NativeFile.UserId}")) { }

    internal TokenDirectory(BottleHome home, string identity, string root)
    {
        this.root = root;
        this.home = Path.Combine(root, home.Hash);
        FullPath = Path.Combine(this.home, Identity.Checked(identity));
    }

    /// <summary>The folder that Compose mounts.</summary>
    public string FullPath { get; }

    /// <summary>Whether the folder is there.</summary>
    public bool Exists => NativeFile.Look(FullPath) is not null;

    /// <summary>The identities of a home that have a token folder.</summary>
    public static IReadOnlyList<string> ListIdentities(BottleHome home)
    {
        var any = new TokenDirectory(home, "any-00000");
        return any.IsOurs
            ? [.. Directory.EnumerateDirectories(any.home).Select(d => Path.GetFileName(d)).Where(Identity.IsValid).Order(StringComparer.Ordinal)]
            : [];
    }

    /// <summary>Writes the token file (slot to value), atomically, for the user that egress runs as.</summary>
    public void Write(IReadOnlyDictionary<string, string> values, RunAs? owner)
    {
        SafeFolder.CreateOwn(root);
        SafeFolder.CreateOwn(home);
        if (NativeFile.Look(FullPath) is null)
        {
            SafeFolder.CreateOwn(FullPath);
            Ownership.Give(FullPath, owner);
        }
        else if (NativeFile.Look(FullPath) is not { IsDirectory: true, IsOpenToOthers: false })
        {
            throw new BottleException(StateErrors.HostileFolder(FullPath));
        }
        AtomicFile.Write(Path.Combine(FullPath, StateLayout.TokensFile), stream =>
        {
            using var json = new Utf8JsonWriter(stream);
            json.WriteStartObject();
            foreach (var (slot, value) in values)
                json.WriteString(slot, value);
            json.WriteEndObject();
        }, AtomicFile.Secret, owner);
    }

    // Another user may have prepared the place before us; what lies there then is nothing that we wrote.
    private bool IsOurs => SafeFolder.IsOwn(root) && SafeFolder.IsOwn(home);

    /// <summary>Removes the folder; none is no error. A link in its place is removed, not followed.</summary>
    public void Remove()
    {
        if (!IsOurs)
            return;
        switch (NativeFile.Look(FullPath))
        {
            case null:
                return;
            case { IsDirectory: true }:
                Directory.Delete(FullPath, recursive: true);
                break;
            default:
                File.Delete(FullPath);
                break;
        }
        if (!Directory.EnumerateFileSystemEntries(home).Any())
            Directory.Delete(home);
    }

    private static string? RuntimeFolder() =>
        Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } folder && Path.IsPathFullyQualified(folder)
        && NativeFile.Look(folder) is { IsDirectory: true } facts && facts.UserId == NativeFile.UserId && Mounts.IsMemory(folder)
            ? Path.Combine(folder, "claude-bottle")
            : null;
}
