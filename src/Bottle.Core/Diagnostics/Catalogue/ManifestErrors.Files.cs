namespace Bottle.Core.Diagnostics.Catalogue;

/// <summary>BTL1xxx: what stands in manifests, and which manifests may be used. 10xx files and trust, 11xx YAML, 12xx keys and types, 13xx env, 14xx routes, 15xx test upstreams, 16xx agents, 17xx providers.</summary>
public static partial class ManifestErrors
{
    /// <summary>BTL1001: a file that is not UTF-8.</summary>
    public static Diagnostic NotUtf8(SourceSpan where) => new()
    {
        Code = "BTL1001",
        Message = "this is not UTF-8 text",
        Where = where,
        Why = "the same bytes would mean other characters to other readers",
        Fix = "save the file as UTF-8",
    };

    /// <summary>BTL1002: a file above the size limit, in bytes.</summary>
    public static Diagnostic TooLarge(SourceSpan where, string subject, int limit) => new()
    {
        Code = "BTL1002",
        Message = $"{subject} is larger than {limit / 1024} KiB",
        Where = where,
        Why = "a manifest is read by people; nothing larger is read at all",
        Fix = "move long text into a skill",
    };

    /// <summary>BTL1003: a file that is there but cannot be read as one (a folder, a pipe, no permission).</summary>
    public static Diagnostic Unreadable(SourceSpan where, string reason) => new()
    {
        Code = "BTL1003",
        Message = $"this file cannot be read: {InertText.Excerpt(reason, 200)}",
        Where = where,
        Why = "a manifest is a regular file",
        Fix = "replace it by a regular file that you may read",
    };

    /// <summary>BTL1004: no manifest of that name in any root.</summary>
    public static Diagnostic UnknownAgent(string name, IReadOnlyList<string> known, IReadOnlyList<string> roots) => NotFound("BTL1004", "agent", name, known, roots, "agents/", null);

    /// <summary>BTL1005: the bottle that an agent names is in no root.</summary>
    public static Diagnostic UnknownBottle(SourceSpan where, string name, IReadOnlyList<string> known, IReadOnlyList<string> roots) => NotFound("BTL1005", "bottle", name, known, roots, "", where);

    /// <summary>BTL1006: one name in two roots; the first root wins. A warning.</summary>
    public static Diagnostic Shadowed(SourceSpan hidden, string subject, string winner) => new()
    {
        Code = "BTL1006",
        Severity = Severity.Warning,
        Message = $"{subject} is not used: {InertText.Line(winner)} has the same name and comes first",
        Where = hidden,
        Why = "roots are searched in order: --manifests, the home directory's bottles, ./bottles",
        Fix = "rename one of the two",
    };

    /// <summary>BTL1007: the directory that <c>--manifests</c> names is none.</summary>
    public static Diagnostic NoManifestDirectory(string directory) => new()
    {
        Code = "BTL1007",
        Message = $"--manifests names '{InertText.Excerpt(directory, 200)}', which is not a directory",
        Fix = "name a directory that holds bottles, as ./bottles does",
    };

    /// <summary>BTL1008: a manifest outside home that was never trusted; <paramref name="diff"/> shows it whole.</summary>
    public static Diagnostic NotTrusted(SourceSpan where, string subject, string diff, string command) => Untrusted("BTL1008", where, $"{subject} is new and was never trusted", diff, command);

    /// <summary>BTL1009: a manifest outside home that differs from what was trusted last.</summary>
    public static Diagnostic ChangedSinceTrusted(SourceSpan where, string subject, string diff, string command) => Untrusted("BTL1009", where, $"{subject} changed since it was trusted", diff, command);

    /// <summary>BTL1010: the files that a manifest names are too many or too large to be shown and trusted.</summary>
    public static Diagnostic TooMuchToTrust(SourceSpan where, string subject, string limit) => new()
    {
        Code = "BTL1010",
        Message = $"the files that {subject} names are more than {limit}",
        Where = where,
        Why = "every one of them is read and hashed before a launch",
        Fix = "leave out of skills and image folders what the agent does not need",
    };

    /// <summary>BTL1011: a bottle, agent or provider whose name breaks the rule for names.</summary>
    public static Diagnostic BadName(SourceSpan? where, string what, string name) => new()
    {
        Code = "BTL1011",
        Message = $"'{InertText.Excerpt(name)}' cannot be the name of {what}",
        Where = where,
        Why = "names become file names, container names and image tags",
        Fix = "use 1 to 40 of a-z, 0-9 and '-', not starting with '-'",
    };

    /// <summary>BTL1012: more problems than are shown.</summary>
    public static Diagnostic TooManyProblems(SourceSpan where, int left) => new()
    {
        Code = "BTL1012",
        Message = $"{left} more {(left == 1 ? "problem is" : "problems are")} not shown",
        Where = where,
        Fix = "mend those above first",
    };

    private static Diagnostic Untrusted(string code, SourceSpan where, string message, string diff, string command) => new()
    {
        Code = code,
        Message = message,
        Where = where,
        Why = $"a manifest outside ~/.claude-bottle/bottles, or one there that names files elsewhere, can be a stranger's or an agent's, and decides what an agent may reach; nothing was read from your environment.\n{diff}",
        Fix = $"read the difference above, then: {command}",
    };

    private static Diagnostic NotFound(string code, string kind, string name, IReadOnlyList<string> known, IReadOnlyList<string> roots, string folder, SourceSpan? where)
    {
        var near = Nearest.Of(name, known);
        var places = roots.Count == 0 ? "there is no directory of manifests" : "searched: " + string.Join(", ", roots.Select(root => $"{InertText.Line(root)}/{folder}{InertText.Excerpt(name)}.md"));
        var names = known.Count == 0 ? $"there is no {kind} yet" : $"{kind}s there: {string.Join(", ", known.Take(30).Select(n => InertText.Excerpt(n)))}{(known.Count > 30 ? ", …" : "")}";
        return new Diagnostic
        {
            Code = code,
            Message = $"there is no {kind} '{InertText.Excerpt(name)}'",
            Where = where,
            Why = places,
            Fix = near is null ? names : $"write '{near}'; {names}",
        };
    }
}
