using System.Security.Cryptography;
using System.Text;
using Bottle.Core.Planning;

namespace Bottle.Host.State;

/// <summary>The folder of everything that Bottle keeps on the host: <c>CLAUDE_BOTTLE_HOME</c>, or <c>~/.claude-bottle</c>.</summary>
public sealed class BottleHome
{
    /// <summary>A home at a folder, which need not exist yet.</summary>
    public BottleHome(string root)
    {
        Root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Root)))[..12];
    }

    /// <summary>The home that the environment names.</summary>
    public static BottleHome FromEnvironment() => new(
        Environment.GetEnvironmentVariable("CLAUDE_BOTTLE_HOME") is { Length: > 0 } own
            ? own
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".claude-bottle"));

    /// <summary>The full path.</summary>
    public string Root { get; }

    /// <summary>First 12 hex digits of the SHA-256 of <see cref="Root"/>: the value of the label <c>bottle.home</c>.</summary>
    public string Hash { get; }

    /// <summary>The states of all runs.</summary>
    public string StateRoot => Path.Combine(Root, "state");

    /// <summary>What is kept of runs that have ended (SPEC B8).</summary>
    public string RunsRoot => Path.Combine(Root, "runs");

    /// <summary>The manifests that the operator trusts (SPEC A3).</summary>
    public string Trust => Path.Combine(Root, "trust.json");

    /// <summary>The operator's own manifests.</summary>
    public string Bottles => Path.Combine(Root, "bottles");

    /// <summary>Digests of pulled images (SPEC G1).</summary>
    public string ImagesLock => Path.Combine(Root, "images.lock");

    /// <summary>The secret behind the names of shown diffs.</summary>
    public string ApprovalKey => Path.Combine(Root, "approval.key");

    /// <summary>Home configuration.</summary>
    public string Configuration => Path.Combine(Root, "config.yaml");

    /// <summary>The state folder of a run; BTL3101 when the text is no identity.</summary>
    public string State(string identity) => Path.Combine(StateRoot, Identity.Checked(identity));

    /// <summary>The folder of what is kept of a run; BTL3101 when the text is no identity.</summary>
    public string Runs(string identity) => Path.Combine(RunsRoot, Identity.Checked(identity));
}
