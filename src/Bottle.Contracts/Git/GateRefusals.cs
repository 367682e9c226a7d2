using System.Globalization;

namespace Bottle.Contracts.Git;

/// <summary>Every refusal of the gate, one method a code. A number is never reused.</summary>
public static class GateRefusals
{
    private const string Ask = "ask the operator to widen 'push' of this remote in the bottle's manifest";

    /// <summary>The ref is neither branch nor tag.</summary>
    public static GateRefusal Namespace(RefUpdate update) => new("BTL6401", $"{Inert.Text(update.Ref)} is neither a branch nor a tag", "push branches and tags only; refs/notes, refs/replace and others are not forwarded");

    /// <summary>The name is malformed.</summary>
    public static GateRefusal UnsafeName(RefUpdate update) => new("BTL6402", $"{Inert.Text(update.Ref)} is not a name that the gate takes", "use letters, digits, '-', '_', '.' and '/'; no part begins with '-' or '.'");

    /// <summary>Too many refs at once.</summary>
    public static GateRefusal TooMany(int count, int limit) => new("BTL6403", string.Create(CultureInfo.InvariantCulture, $"{count} refs in one push; the gate takes {limit}"), "push the branches you need by name; not --mirror or --all");

    /// <summary>No pattern allows the branch.</summary>
    public static GateRefusal NotAllowed(RefUpdate update, IEnumerable<string> patterns) => new("BTL6404", $"branch {Inert.Text(update.ShortName)} may not be pushed; allowed are: {string.Join(", ", patterns)}", $"push to an allowed branch (git push origin HEAD:<branch>), or {Ask}");

    /// <summary>The branch is protected.</summary>
    public static GateRefusal Protected(RefUpdate update) => new("BTL6405", $"branch {Inert.Text(update.ShortName)} is protected", "push to a branch of your own and leave the merge to people");

    /// <summary>History would be rewritten.</summary>
    public static GateRefusal Force(RefUpdate update) => new("BTL6406", $"{Inert.Text(update.ShortName)} would be rewritten: what it has now is not part of what you push", $"fetch, rebase or merge, and push again; or {Ask} (force: true)");

    /// <summary>The ref would be deleted.</summary>
    public static GateRefusal Delete(RefUpdate update) => new("BTL6407", $"{Inert.Text(update.ShortName)} would be deleted", $"leave it, or {Ask} (delete: true)");

    /// <summary>Tags are not allowed.</summary>
    public static GateRefusal Tag(RefUpdate update) => new("BTL6408", $"tag {Inert.Text(update.ShortName)} may not be pushed", $"push branches only, or {Ask} (tags: true)");

    /// <summary>Files are larger than the limit.</summary>
    public static GateRefusal TooLarge(long limit, IReadOnlyList<string> paths) => new("BTL6409", string.Create(CultureInfo.InvariantCulture, $"more than max_size ({limit} bytes)"), $"take it out of every commit of this push, or {Ask} (max_size)") { Details = paths };

    /// <summary>Files that run elsewhere are changed.</summary>
    public static GateRefusal Elsewhere(IReadOnlyList<string> paths) => new("BTL6410", "this push changes files that run on other machines", "leave them as they are; otherwise a person has to decide: the operator sets 'allow_ci: true' for this remote in the bottle's manifest, or approves this push later") { Details = paths };

    /// <summary>LFS pointers without their content.</summary>
    public static GateRefusal LargeFilePointer(IReadOnlyList<string> paths) => new("BTL6411", "these files are Git LFS pointers; their content does not pass the gate, so upstream would have pointers to nothing", "commit the files themselves (git lfs untrack, git add --renormalize), or leave them out") { Details = paths };

    /// <summary>The scanner found secrets.</summary>
    public static GateRefusal Secrets(int count, IReadOnlyList<string> findings) => new("BTL6412", count == 1 ? "a secret was found in what you push" : string.Create(CultureInfo.InvariantCulture, $"{count} secrets were found in what you push"), "take them out of every commit of this push (git rebase -i, git commit --amend); if one is no secret, ask the operator to add its fingerprint to scan.allow_fingerprints") { Details = findings };

    /// <summary>Upstream said no.</summary>
    public static GateRefusal Upstream(IReadOnlyList<string> reasons) => new("BTL6413", "upstream refused; nothing moved", "see upstream's own words; if it moved meanwhile, fetch and try again") { Details = reasons };

    /// <summary>Upstream could not be reached; nothing was sent.</summary>
    public static GateRefusal Unreachable(string reason) => new("BTL6414", $"upstream could not be reached ({reason}); nothing was sent", "try again later");

    /// <summary>The connection broke and nobody knows what upstream did.</summary>
    public static GateRefusal Unknown(string reason) => new("BTL6415", $"the connection to upstream broke ({reason}); whether it took the push is unknown", "run 'git fetch': it shows what upstream has; then push again if needed");

    /// <summary>The scan itself failed.</summary>
    public static GateRefusal ScanFailed(string reason) => new("BTL6416", $"the scan failed ({reason}); nothing was sent", "try again; tell the operator if it stays so");

    /// <summary>The push as a whole is larger than the limit; git stopped reading it.</summary>
    public static GateRefusal PushTooLarge(long limit) => new("BTL6417", string.Create(CultureInfo.InvariantCulture, $"this push is larger than max_size ({limit} bytes); nothing was sent"), $"push fewer commits at a time, take large files out of every commit, or {Ask} (max_size)");

    /// <summary>One ref stands in a push more than once.</summary>
    public static GateRefusal Twice(RefUpdate update) => new("BTL6418", $"{Inert.Text(update.Ref)} stands in this push more than once", "push each branch once");

    /// <summary>The gate's disk is nearly full.</summary>
    public static GateRefusal DiskFull() => new("BTL6419", "the gate's disk is nearly full; it takes no push", "tell the operator");

    /// <summary>No such repository.</summary>
    public static GateRefusal NoRepository(IEnumerable<string> names) => new("BTL6420", $"no such repository; declared are: {string.Join(", ", names)}", "use the upstream's own URL");

    /// <summary>Only fetch and push are offered.</summary>
    public static GateRefusal NoService() => new("BTL6421", "the gate offers fetch and push only", "use git clone, fetch, pull and push");

    /// <summary>A fetch that could only be stale.</summary>
    public static GateRefusal Stale(string reason) => new("BTL6422", $"upstream could not be read ({reason}), and the gate serves nothing stale", "try again later");

    /// <summary>Too many connections.</summary>
    public static GateRefusal Busy() => new("BTL6423", "too many connections to the gate", "wait for other git commands to end");

    /// <summary>The first line is not git's.</summary>
    public static GateRefusal Malformed() => new("BTL6424", "this is no request of git's", "use git://git-gate/<name>.git");
}
